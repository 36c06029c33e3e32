// The ballot paper with numbers says in words what order the numbers make. Without script the numbers are enough.
(() => {
  const field = document.getElementById("ranking");
  const told = document.getElementById("ranking-order");
  if (!field || !told) return;
  const selects = [...field.querySelectorAll("select")];
  const name = (select) => field.querySelector(`label[for="${select.id}"]`).firstChild.textContent.trim();
  const tell = () => {
    const places = new Map();
    for (const select of selects) {
      if (select.value) places.set(Number(select.value), [...(places.get(Number(select.value)) || []), name(select)]);
    }
    const order = [...places.entries()].sort((a, b) => a[0] - b[0]);
    told.textContent = order.length
      ? `${told.dataset.begin} ${order.map(([, names], at) => `${at + 1}. ${names.join(" = ")}`).join("  ")}`
      : told.dataset.empty;
    told.hidden = false;
  };
  field.addEventListener("change", tell);
  tell();
})();
