/** form[data-filters] is sent by htmx on change; empty answers, and boxes as they usually are, stay out of the URL. */

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (!sourceElement.matches("form[data-filters]") || !(request.body instanceof FormData)) return;
  leaveOutUsual(sourceElement, request.body);
  const keys = new Set([...request.body.keys()]);
  for (const key of keys) {
    const values = request.body.getAll(key).filter((value) => value !== "");
    request.body.delete(key);
    for (const value of values) request.body.append(key, value);
  }
});

/**
 * [data-usual="names"]: when just these boxes are checked, they need not be asked for.
 *
 * @param {Element} form
 * @param {FormData} body
 */
function leaveOutUsual(form, body) {
  for (const group of form.querySelectorAll("[data-usual]")) {
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll("input[type=checkbox]"));
    const checked = [...boxes].filter((box) => box.checked).map((box) => box.value);
    if (checked.join(" ") === group.getAttribute("data-usual")) body.delete(boxes[0].name);
  }
}
