/** form[data-filters] is sent by htmx on change; empty answers stay out of the shared URL. */

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (!sourceElement.matches("form[data-filters]") || !(request.body instanceof FormData)) return;
  const keys = new Set([...request.body.keys()]);
  for (const key of keys) {
    const values = request.body.getAll(key).filter((value) => value !== "");
    request.body.delete(key);
    for (const value of values) request.body.append(key, value);
  }
});
