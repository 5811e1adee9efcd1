// Copy, download and print of the recovery codes, which are shown once.

const tools = document.querySelector("[data-codes-tools]");
const codes = () => [...document.querySelectorAll("#codes code")].map((code) => code.textContent).join("\n");

tools.hidden = false;

const copy = tools.querySelector("[data-codes-copy]");
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(codes());
  copy.querySelector("span").textContent = copy.dataset.done;
});

const download = tools.querySelector("[data-codes-download]");
download.addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${download.dataset.title}\n\n${codes()}\n`], { type: "text/plain" }));
  link.download = download.dataset.codesDownload;
  link.click();
  URL.revokeObjectURL(link.href);
});

tools.querySelector("[data-codes-print]").addEventListener("click", () => window.print());
