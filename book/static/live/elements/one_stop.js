// Many controls of one kind, one stop of the Tab key: arrow keys, Home and End lead from one to another.

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const ENDS = { Home: 0, End: -1 };
const ROWS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * The controls below `root` that `selector` finds become one stop; `row`, a selector too, is
 * what up and down go by, to the control of the same name.  `hint`: the id of what describes the
 * control to which the focus comes from elsewhere.  Call what it returns when controls came or went.
 */
export function oneStop(root, selector, row, hint = null) {
  const controls = () => [...root.querySelectorAll(selector)].filter((x) => x.checkVisibility());
  const stopAt = (control, isMet) => {
    for (const x of root.querySelectorAll(selector)) {
      x.tabIndex = x === control ? 0 : -1;
      if (hint && isMet && x === control) x.setAttribute("aria-describedby", hint);
      else x.removeAttribute("aria-describedby");
    }
  };
  const renew = () => {
    const all = controls(), here = all.find((x) => x === document.activeElement);
    stopAt(here ?? all.find((x) => x.tabIndex === 0) ?? all[0], !here);
  };
  for (const kind of ["focusin", "focusout"]) {
    root.addEventListener(kind, ({ target, relatedTarget: other }) => {
      if (target.matches(selector)) stopAt(target, !other?.matches(selector)); // it comes from elsewhere, or goes there
    });
  }
  root.addEventListener("keydown", (event) => {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (!target.matches(selector) || altKey || ctrlKey || metaKey) return;
    const next = neighbour(controls(), target, key, row);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  renew();
  return renew;
}

/** The control to which a key leads, if there is one. */
function neighbour(controls, control, key, row) {
  if (key in ENDS) return controls.at(ENDS[key]);
  if (key in STEPS) return controls[controls.indexOf(control) + STEPS[key]];
  const rows = [...new Set(controls.map((x) => x.closest(row)))];
  const other = rows[rows.indexOf(control.closest(row)) + ROWS[key]];
  const there = controls.filter((x) => x.closest(row) === other);
  return there.find((x) => x.textContent === control.textContent) ?? there[0];
}
