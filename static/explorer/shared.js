// Moves the link's token from the address, where others may see it, into the form that opens it.

const token = location.hash.slice(1);
const field = document.querySelector("[name=token]");
if (token && field) {
  field.value = token;
  field.closest("[data-token]").hidden = true;
  history.replaceState(null, "", location.pathname);
}
