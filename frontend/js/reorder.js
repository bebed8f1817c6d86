/** [data-reorder="<url>"]: rows with data-row are dragged into another order, sent as a form under data-reorder-name ("stage"). */
import Sortable from "sortablejs";
import { mount } from "./mount.js";

mount("[data-reorder]", (list) => {
  Sortable.create(list, {
    draggable: "[data-row]",
    filter: "form, a",
    preventOnFilter: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 200,
    delayOnTouchOnly: true,
    ghostClass: "is-ghost",
    onEnd: ({ oldIndex, newIndex }) => {
      if (oldIndex !== newIndex) submit(list);
    },
  });
});

/** @param {HTMLElement} list */
function submit(list) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = list.dataset.reorder ?? "";
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
  const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-row]")]);
  const name = list.dataset.reorderName ?? "stage";
  const pairs = [["csrfmiddlewaretoken", token], ...rows.map((row) => [name, row.dataset.row ?? ""])];
  for (const [key, value] of pairs) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: key, value }));
  document.body.append(form);
  form.submit();
}
