// Saves a question while it is being written. Without script the button does it.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const said = form.querySelector("[data-said]");
    let timer, busy, again, stopped;
    const save = async () => {
      if (stopped) return;
      if (busy) return void (again = true);
      busy = true;
      const data = new FormData(form);
      data.set("autosave", "1");
      try {
        const answer = await fetch(location.pathname, { method: "POST", body: data, credentials: "same-origin" });
        const told = await answer.json();
        said.textContent = told.said;
        if (answer.ok) form.elements.revision.value = told.revision;
        // Somebody else wrote here: only the button decides whose words stay.
        stopped = Boolean(told.stale);
      } catch {
        said.textContent = "";
      }
      busy = false;
      if (again) (again = false), save();
    };
    form.addEventListener("input", (event) => {
      // A row of choices that is half written would be saved half.
      if (/^(choice|when)-|^(type|list|own_list|depends)$/.test(event.target.name)) return;
      clearTimeout(timer);
      timer = setTimeout(save, 1200);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
})();
