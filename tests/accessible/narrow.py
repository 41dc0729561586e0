"""What 320 CSS pixels, wider text and the sticky bar do to a page (WCAG 2.2: 1.4.10, 1.4.12, 2.4.7, 2.4.11); paper."""

NARROW = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": False}
LOOK = """
const faults = [], root = document.documentElement;
const name = (el) => el.tagName.toLowerCase() + [...el.classList].map(each => '.' + each).join('')
  + (el.dataset.test ? '[' + el.dataset.test + ']' : '');
function fits(what) {
  if (root.scrollWidth <= root.clientWidth) return;
  const wide = [...document.body.querySelectorAll('*')].filter(
    el => el.getBoundingClientRect().right > root.clientWidth + 1 && !el.closest('.hidden, thead'));
  faults.push(what + ': ' + wide.slice(-3).map(name).join(', '));
}
fits('scrolls sideways at 320 pixels');
const bar = document.querySelector('.reach');
const fields = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
scrollTo(0, root.scrollHeight);
for (const el of [...document.querySelectorAll(fields)].reverse()) {
  if (el.closest('.reach') || el.classList.contains('skip') || !el.checkVisibility()) continue;
  el.focus();
  if (document.activeElement !== el) continue;
  if (bar && el.getBoundingClientRect().bottom <= bar.getBoundingClientRect().bottom + 1)
    faults.push('focus hidden by the bar: ' + name(el));
  if (el.matches(':focus-visible') && getComputedStyle(el).outlineStyle === 'none')
    faults.push('focus not seen: ' + name(el));
}
const sheet = new CSSStyleSheet();
sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}'
  + 'p{margin-bottom:2em!important}');
document.adoptedStyleSheets = [sheet];
fits('scrolls sideways with wider text');
for (const el of document.body.querySelectorAll('*')) {
  const style = getComputedStyle(el);
  if (el.classList.contains('hidden') || style.clipPath !== 'none' || style.overflowY === 'visible') continue;
  if (/hidden|clip/.test(style.overflow) && el.innerText && el.scrollHeight > el.clientHeight + 2)
    faults.push('wider text is cut off: ' + name(el));
}
document.adoptedStyleSheets = [];
return faults;
"""

PAPER = """
const pressed = [...document.querySelectorAll('.reach, nav, button, input, .button')]
  .filter(el => el.checkVisibility());
const label = document.querySelector('.label-number'), mark = getComputedStyle(document.body, '::before').content;
return [...(pressed.length ? ['on paper: ' + pressed[0].outerHTML.slice(0, 80)] : []),
  ...(mark.includes('CUI') === Boolean(label) ? ['the mark on paper: ' + mark] : [])];
"""


def faults_of(browser) -> list[str]:
    """What is wrong with the page in the browser at 320 pixels; the window is as before afterwards."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
    try:
        found = browser.execute_script(LOOK)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    if browser.execute_script("return document.querySelector('[media=print]') !== null"):
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        found += browser.execute_script(PAPER)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    return found
