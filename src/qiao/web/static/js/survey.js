// Hides what does not apply while a questionnaire is filled in, and adds or takes away the entries of questions that are
// asked several times. The page works without it: the server decides.
// Entries: the field "name:#" lists the numbers of those shown. Who sets it and sends a "change" event (a kept draft,
// say) gets these entries drawn.
// Conditions come as nested lists: ["and", a, b], ["=", ["$", "field"], "value"], ["selected", ["$", "field"], "value"] …
(() => {
  "use strict";

  const start = (form) => {
    let conditions, filters;
    const gather = () => {
      conditions = [...form.querySelectorAll("[data-relevant]")].map((element) => [
        element,
        JSON.parse(element.dataset.relevant),
      ]);
      filters = [...form.querySelectorAll("[data-keep]")].map((element) => [element, JSON.parse(element.dataset.keep)]);
      for (const note of form.querySelectorAll("[data-relevant] > .only-if")) note.hidden = true;
    };
    gather();
    if (!conditions.length && !filters.length && !form.querySelector("[data-repeat]")) return;

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

    // Repeats: each section has a template of an entry, in which a mark stands for the entry's number.
    const MOST = 50;
    const list = (section) => section.querySelector(":scope > input[type=hidden]");
    const box = (section) => section.querySelector(":scope > [data-entries]");
    const entries = (section) => [...box(section).children];
    const keep = (section) => {
      list(section).value = entries(section).map((entry) => entry.dataset.entry).join(" ");
    };
    const put = (part, mark, number) => {
      for (const element of part.querySelectorAll("*")) {
        for (const one of element.attributes) one.value = one.value.replaceAll(mark, number);
        for (const text of element.childNodes) {
          if (text.nodeType === 3) text.data = text.data.replaceAll(mark, number);
        }
        if (element.content) put(element.content, mark, number);
      }
    };
    const add = (section, number) => {
      const made = section.querySelector(":scope > template").content.cloneNode(true);
      put(made, section.dataset.mark, number);
      box(section).append(made);
    };
    const next = (section) => Math.max(0, ...entries(section).map((entry) => Number(entry.dataset.entry))) + 1;
    const sync = () => {
      let changed = false;
      for (const section of form.querySelectorAll("[data-repeat]")) {
        if (section.dataset.count) {
          const wanted = Math.min(MOST, Math.max(0, Math.floor(number(value(JSON.parse(section.dataset.count)))) || 0));
          while (entries(section).length < wanted) add(section, next(section)), (changed = true);
          while (entries(section).length > wanted) entries(section).at(-1).remove(), (changed = true);
          keep(section);
        } else {
          const listed = words(list(section).value).slice(0, MOST);
          const there = entries(section).map((entry) => entry.dataset.entry);
          for (const entry of entries(section)) {
            if (!listed.includes(entry.dataset.entry)) entry.remove(), (changed = true);
          }
          for (const one of listed) if (!there.includes(one)) add(section, one), (changed = true);
        }
      }
      if (changed) gather();
    };
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[name='qiao:add'], button[name='qiao:drop']");
      if (!button) return;
      event.preventDefault();
      const section = button.closest("[data-repeat]");
      if (button.name === "qiao:add") {
        if (entries(section).length >= MOST) return;
        add(section, next(section));
        entries(section).at(-1).querySelector("input, select, textarea")?.focus();
      } else {
        button.closest("[data-entry]").remove();
        section.querySelector(":scope > p > button[name='qiao:add']")?.focus();
      }
      keep(section);
      gather();
      form.dispatchEvent(new Event("change", { bubbles: true }));
    });

    const update = () => {
      sync();
      for (const [element, condition] of conditions) element.hidden = !value(condition);
      for (const [element, condition] of filters) {
        const keep = Boolean(value(condition));
        const field = element.matches("option") ? element : element.querySelector("input");
        element.hidden = !keep;
        field.disabled = !keep;
        if (!keep) field.checked = field.selected = false;
      }
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  };

  for (const form of document.querySelectorAll("form")) start(form);
})();
