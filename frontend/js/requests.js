/** Every htmx request carries the CSRF token; every failure without words of its own gets a toast. */

const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
const meta = () => document.querySelector('meta[name="csrf-token"]')?.getAttribute("content");

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = meta() || cookie() || "";
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const answered = ctx.response?.status === 422 || ctx.text?.includes("data-toast");
  if (!answered) showFailure("refused");
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response) showFailure("unreachable");
});

/** @param {"refused" | "unreachable"} kind */
function showFailure(kind) {
  const template = document.getElementById(`toast-${kind}`);
  if (!(template instanceof HTMLTemplateElement)) return;
  const toasts = document.getElementById("toasts");
  toasts?.append(template.content.cloneNode(true));
}
