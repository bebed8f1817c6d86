/** form[data-as-of]: choosing a date asks the same page as it was on that day, with the other filters kept. */

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.form?.matches("[data-as-of]")) return;
  const url = new URL(location.href);
  if (input.value) url.searchParams.set("on", input.value);
  else url.searchParams.delete("on");
  location.assign(url);
});
