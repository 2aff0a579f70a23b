// On the page of wrong answers: a switch that folds what is wrong in each, as a question to a class,
// which its address says, too; and a button at each that copies the address of it.

{ // the site's scripts share one scope
  const folded = [...document.querySelectorAll("details.diagnosis")];
  const button = (words, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", () => press(made));
    return made;
  };

  const QUESTION = "?question";
  const isAsked = () => location.search === QUESTION;
  const show = () => {
    document.body.classList.toggle("diagnoses-hidden", isAsked());
    hide.textContent = isAsked() ? "show the diagnoses" : "hide the diagnoses";
    for (const one of folded) one.open = !isAsked();
  };
  const hide = button("", () => {
    history.replaceState(null, "", (isAsked() ? location.pathname : QUESTION) + location.hash);
    show();
  });
  hide.className = "all-code hide-diagnoses";
  show();
  document.querySelector("article h1 + p").after(hide);

  /** Copies the address of an answer; where the browser refuses that, its address bar has it. */
  async function copyLink(made) {
    location.hash = made.closest(isAsked() ? ".wrong-answer" : "section").id; // a heading says what is wrong
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
    made.textContent = await copied.then(() => "copied", () => "see the address bar");
    setTimeout(() => { made.textContent = "copy link"; }, 2000);
  }
  for (const line of document.querySelectorAll(".wrong-answer")) {
    const copy = button("copy link", copyLink);
    copy.className = "all-code copy-link";
    line.append(copy);
  }
}
