// The answer to the newest question.  What is asked is computed from the page, each time, and
// what is shown knows which question it answers; so an old answer is known as old, and one that
// was lost is asked for again.

export class Latest {
  /**
   * `asked()`: the question as the page stands now, a text; `answerTo(question)`: a promise of
   * its answer; `made(answer)`: a promise of what is shown of it; `show(made)` shows it.
   */
  constructor(asked, answerTo, made, show) {
    Object.assign(this, { asked, answerTo, made, show });
    this.waiting = null;
    this.settle();
  }

  /** What is shown counts as the answer to what is asked now, whatever is on its way. */
  settle() {
    this.shown = this.asked();
    this.waiting = null;
  }

  /** Whether what is shown answers another question than the one of now. */
  get isOld() {
    return this.shown !== this.asked();
  }

  /** Asks until the answer to the question of now is shown. */
  async follow() {
    while (this.isOld && this.waiting !== this.asked()) {
      const question = this.asked();
      this.waiting = question;
      const answer = await this.answerTo(question);
      const made = answer.dropped ? null : await this.made(answer);
      if (this.waiting !== question) return; // a newer one is under way, or none
      this.waiting = null;
      if (answer.dropped || question !== this.asked()) continue;
      this.shown = question;
      this.show(made);
    }
  }
}
