// Keeps the words of how long is left true while a page stays open. Without it they are those of when it was drawn.
(() => {
  const head = document.querySelector('meta[name="countdown"]');
  const [ahead, late, now, min, h, day, days] = head.dataset.words.split('|');
  // The server's clock, not this machine's: a demo's stands elsewhere.
  const drawn = Date.parse(head.content), opened = Date.now();

  const put = (words, what) => words.replace('{}', what);

  function span(minutes) {
    if (minutes < 60) return put(min, minutes);
    const hours = Math.floor(minutes / 60), rest = minutes % 60;
    if (hours < 24) return rest ? `${put(h, hours)} ${put(min, rest)}` : put(h, hours);
    const whole = Math.floor(hours / 24), over = hours % 24;
    const said = put(whole === 1 ? day : days, whole);
    return over && whole < 10 ? `${said} ${put(h, over)}` : said;
  }

  function tick() {
    const at = drawn + Date.now() - opened;
    for (const each of document.querySelectorAll('[data-due]')) {
      const left = Date.parse(each.dataset.due) - at, minutes = Math.round(Math.abs(left) / 60000);
      const words = minutes < 1 ? now : put(left > 0 ? ahead : late, span(minutes));
      if (each.textContent !== words) each.textContent = words;
    }
  }

  setInterval(tick, 20000);
  document.addEventListener('visibilitychange', tick);
})();
