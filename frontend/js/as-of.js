/** form[data-as-of]: asks for the same page as it was on a day, with the other filters kept. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-as-of]")) return;
  event.preventDefault();
  const day = new FormData(form).get("on");
  const url = new URL(location.href);
  if (day) url.searchParams.set("on", String(day));
  else url.searchParams.delete("on");
  location.assign(url);
});
