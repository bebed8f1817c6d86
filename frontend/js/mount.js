/**
 * Start a behaviour once for every element that matches, now and after each swap.
 *
 * @template {HTMLElement} E
 * @param {string} selector
 * @param {(element: E) => void} start
 */
export function mount(selector, start) {
  const started = new WeakSet();
  const scan = (/** @type {Document | Element} */ root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root);
    for (const element of /** @type {E[]} */ (found)) {
      if (started.has(element)) continue;
      started.add(element);
      start(element);
    }
  };
  scan(document);
  document.addEventListener("htmx:after:process", (event) => scan(/** @type {Element} */ (event.target)));
}

/**
 * The nearest element around an event's target that matches.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}
