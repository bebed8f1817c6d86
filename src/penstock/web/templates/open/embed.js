(() => {
  const script = document.currentScript;
  if (!script || !script.parentNode) return;
  const address = new URL("{{ url|escapejs }}");
  address.searchParams.set("page", location.href);
  address.searchParams.set("ref", document.referrer);
  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = "{{ name|escapejs }}";
  frame.loading = "lazy";
  frame.width = "100%";
  frame.height = script.getAttribute("data-height") || "720";
  frame.setAttribute("frameborder", "0");
  script.parentNode.insertBefore(frame, script);
})();
