// Keeps the words of how long is left true while a page stays open. Without it they are those of when it was drawn.
(() => {
  const head = document.querySelector('meta[name="countdown"]');
  const [ahead, late, now, min, h, day, days] = head.dataset.words.split('|');
  // The server's clock, not this machine's: a demo's stands elsewhere.
  const drawn = Date.parse(head.content), opened = Date.now();

  function span(minutes) {
    if (minutes < 60) return `${minutes} ${min}`;
    const hours = Math.floor(minutes / 60), rest = minutes % 60;
    if (hours < 24) return rest ? `${hours} ${h} ${rest} ${min}` : `${hours} ${h}`;
    const whole = Math.floor(hours / 24), over = hours % 24;
    const unit = whole === 1 ? day : days;
    return over && whole < 10 ? `${whole} ${unit} ${over} ${h}` : `${whole} ${unit}`;
  }

  function tick() {
    const at = drawn + Date.now() - opened;
    for (const each of document.querySelectorAll('[data-due]')) {
      const left = Date.parse(each.dataset.due) - at, minutes = Math.round(Math.abs(left) / 60000);
      const words = minutes < 1 ? now : (left > 0 ? ahead : late).replace('{}', span(minutes));
      if (each.textContent !== words) each.textContent = words;
    }
  }

  setInterval(tick, 20000);
  document.addEventListener('visibilitychange', tick);
})();
