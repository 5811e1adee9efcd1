// Passkeys: a form marked data-passkey="create" or "get" sends what the browser's authenticator answers.
// The question is JSON in the page (data-passkey-options names its element) or is fetched (data-passkey-ask).

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const withBytes = (list) => list?.map((item) => ({ ...item, id: toBytes(item.id) }));

/** The question with bytes where the page has base64url. */
function readOptions({ publicKey }) {
  const read = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (publicKey.user) read.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) read.excludeCredentials = withBytes(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) read.allowCredentials = withBytes(publicKey.allowCredentials);
  return { publicKey: read };
}

/** The answer as JSON, in the shape that WebAuthn's own toJSON has. */
function writeCredential(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function questionOf(form) {
  const { passkeyAsk, passkeyOptions } = form.dataset;
  if (!passkeyAsk) return JSON.parse(document.getElementById(passkeyOptions).textContent);
  const answer = await fetch(passkeyAsk, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`no question: ${answer.status}`);
  return (await answer.json()).request_options;
}

// WebAuthn knows no site by an IP address, this machine's own included.
const isNumber = /^[\d.]+$|^\[/.test(location.hostname);
const isThisMachine = /^127\.|^\[::1\]$/.test(location.hostname);

/** Say why passkeys do not work here, with a way out where there is one. */
function explain(form) {
  form.querySelector("[data-passkey-by-number]").hidden = false;
  if (!isThisMachine) return;
  const link = form.querySelector("[data-passkey-by-name]");
  const named = new URL(location.href);
  named.hostname = "localhost";
  link.href = named;
  link.hidden = false;
}

async function run(form) {
  if (isNumber) {
    explain(form);
    return;
  }
  const start = form.querySelector("[data-passkey-start]");
  const failed = form.querySelector("[data-passkey-failed]");
  start.disabled = true;
  failed.hidden = true;
  try {
    const credential = await navigator.credentials[form.dataset.passkey](readOptions(await questionOf(form)));
    form.elements.credential.value = writeCredential(credential);
    form.submit();
  } catch (error) {
    console.warn("passkey:", error.name, error.message);
    failed.hidden = false;
    start.disabled = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || !window.isSecureContext) continue;
  const start = form.querySelector("[data-passkey-start]");
  start.hidden = false;
  form.querySelector("[data-passkey-unsupported]")?.remove();
  start.addEventListener("click", () => run(form));
  form.addEventListener("submit", (event) => {
    // Enter in the name's field: the passkey first.
    if (form.elements.credential.value) return;
    event.preventDefault();
    run(form);
  });
}
