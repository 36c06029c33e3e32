// Hides what does not apply while a questionnaire is filled in. The page works without it: the server decides.
// Conditions come as nested lists: ["and", a, b], ["=", ["$", "field"], "value"], ["selected", ["$", "field"], "value"] …
(() => {
  "use strict";

  const start = (form) => {
    const conditions = [...form.querySelectorAll("[data-relevant]")].map((element) => [
      element,
      JSON.parse(element.dataset.relevant),
    ]);
    const filters = [...form.querySelectorAll("[data-keep]")].map((element) => [
      element,
      JSON.parse(element.dataset.keep),
    ]);
    if (!conditions.length && !filters.length) return;

    // A field inside something hidden counts as unanswered, as it does for the server.
    const answer = (name) =>
      [...form.elements]
        .filter((field) => field.name === name && !field.closest("[data-relevant][hidden]"))
        .filter((field) => !/^(radio|checkbox)$/.test(field.type) || field.checked)
        .map((field) => field.value.trim().normalize("NFKC"))
        .filter(Boolean)
        .join(" ");
    const words = (text) => String(text).split(" ").filter(Boolean);
    const number = (value) => (value === "" ? NaN : Number(value));
    const same = (a, b) =>
      typeof a === "boolean" || typeof b === "boolean"
        ? Boolean(a) === Boolean(b)
        : typeof a === "number" || typeof b === "number"
          ? number(a) === number(b)
          : a === b;
    const rules = {
      $: (name) => answer(name),
      and: (a, b) => value(a) && value(b),
      or: (a, b) => value(a) || value(b),
      not: (a) => !value(a),
      true: () => true,
      false: () => false,
      "=": (a, b) => same(value(a), value(b)),
      "!=": (a, b) => !same(value(a), value(b)),
      "<": (a, b) => number(value(a)) < number(value(b)),
      "<=": (a, b) => number(value(a)) <= number(value(b)),
      ">": (a, b) => number(value(a)) > number(value(b)),
      ">=": (a, b) => number(value(a)) >= number(value(b)),
      selected: (a, b) => words(value(a)).includes(String(value(b))),
      "count-selected": (a) => words(value(a)).length,
    };
    const value = (part) => (Array.isArray(part) ? rules[part[0]](...part.slice(1)) : part);

    const update = () => {
      for (const [element, condition] of conditions) element.hidden = !value(condition);
      for (const [element, condition] of filters) {
        const keep = Boolean(value(condition));
        const field = element.matches("option") ? element : element.querySelector("input");
        element.hidden = !keep;
        field.disabled = !keep;
        if (!keep) field.checked = field.selected = false;
      }
    };
    for (const note of form.querySelectorAll("[data-relevant] > .only-if")) note.hidden = true;
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  };

  for (const form of document.querySelectorAll("form")) start(form);
})();
