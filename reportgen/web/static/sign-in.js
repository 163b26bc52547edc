// After too many wrong passwords: the button counts down until the next one is looked at.

const button = /** @type {HTMLButtonElement} */ (document.querySelector("#sign-in"));
const label = [...button.childNodes];
const end = Date.now() + Number(button.dataset.seconds) * 1000;

/** Show how many seconds are left, and let the button be pressed once there are none. */
function tick() {
  const left = Math.ceil((end - Date.now()) / 1000);
  button.disabled = left > 0;
  if (left > 0) {
    button.textContent = `請等 ${left} 秒 Wait ${left} s`;
    setTimeout(tick, 250);
  } else {
    button.replaceChildren(...label);
    document.body.dataset.error = "";
  }
}

if (button.dataset.seconds) tick();
