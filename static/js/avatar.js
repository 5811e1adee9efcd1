// Shows the picture that was chosen before it is sent, and says at once when it is too large.

const MOST = 5 * 1024 * 1024;

for (const field of document.querySelectorAll("[data-avatar-field]")) {
  const input = field.querySelector("[data-avatar-input]");
  const frame = field.querySelector("[data-avatar-frame]");
  const error = field.querySelector("[data-avatar-error]");
  const drawn = [...frame.childNodes];
  let address = "";
  input.addEventListener("change", () => {
    const file = input.files[0];
    URL.revokeObjectURL(address);
    const isTooLarge = Boolean(file && file.size > MOST);
    error.hidden = !isTooLarge;
    error.textContent = isTooLarge ? error.dataset.avatarError : "";
    input.setCustomValidity(error.textContent);
    if (!file || isTooLarge) return frame.replaceChildren(...drawn);
    address = URL.createObjectURL(file);
    const image = Object.assign(document.createElement("img"), { className: "avatar", width: 96, height: 96, alt: "", src: address });
    image.addEventListener("error", () => frame.replaceChildren(...drawn));
    frame.replaceChildren(image);
  });
}
