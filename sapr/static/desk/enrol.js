// The code stands behind the # of the link, which browsers send nowhere. It is put into the field and removed
// from the address, so that it stays in no history.
"use strict";
const code = document.getElementById("id_code");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  document.getElementById("id_password").focus();
}
