// What a test asks of a page that is open. Each function gives a list of faults in words, empty where all is well.
({
  sideways: () => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth + 1) return [];
    const wide = [...document.body.querySelectorAll("*")].find((one) => {
      const box = one.getBoundingClientRect();
      return box.width && (box.right > page.clientWidth + 1 || box.left < -1) && !one.closest(".scroll, .skip, .sr");
    });
    return [`scrolls sideways: ${page.scrollWidth} > ${page.clientWidth}, ${wide ? wide.outerHTML.slice(0, 120) : "?"}`];
  },
  headings: () => {
    const found = document.querySelectorAll("h1").length;
    return found === 1 ? [] : [`${found} h1`];
  },
  unlabelled: () =>
    [...document.querySelectorAll("input, select, textarea")]
      .filter((one) => !["hidden", "submit", "button"].includes(one.type))
      .filter((one) => !one.labels.length && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"))
      .map((one) => `no label: ${one.outerHTML.slice(0, 120)}`),
  words: () => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const around = walker.currentNode.parentElement;
      if (around.closest("script, style, code, pre") || around.closest("[lang]") !== document.documentElement) continue;
      const text = walker.currentNode.textContent.trim();
      if (text) texts.push(text);
    }
    for (const one of document.querySelectorAll("[aria-label], [placeholder], img[alt]"))
      texts.push(one.getAttribute("aria-label") || one.getAttribute("placeholder") || one.alt || "");
    return texts;
  },
  axe: async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `axe ${one.id}: ${one.help}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  },
})
