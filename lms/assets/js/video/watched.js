/** The stretches of a film that were really played, in seconds: [[0, 12.4], [60, 71]]. */
export class Watched {
  #stretches = [];
  #start = null;
  #last = 0;

  /** @param {HTMLMediaElement} player */
  constructor(player) {
    player.addEventListener('playing', () => this.#begin(player.currentTime));
    player.addEventListener('timeupdate', () => this.#goOn(player));
    for (const event of ['pause', 'ended', 'seeking', 'waiting', 'emptied']) {
      player.addEventListener(event, () => this.#end());
    }
  }

  get any() {
    return this.#stretches.length > 0 || (this.#start !== null && this.#last > this.#start);
  }

  /** Returns the stretches since the last taking; what is being played goes on. */
  take() {
    const going = this.#start !== null;
    this.#end();
    if (going) this.#begin(this.#last);
    return this.#stretches.splice(0);
  }

  putBack(stretches) {
    this.#stretches.unshift(...stretches);
  }

  #begin(at) {
    if (this.#start === null) this.#start = this.#last = at;
  }

  #goOn(player) {
    if (player.seeking || player.paused || this.#start === null) return;
    this.#last = Math.max(this.#last, player.currentTime);
  }

  #end() {
    if (this.#start !== null && this.#last > this.#start) {
      this.#stretches.push([round(this.#start), round(this.#last)]);
    }
    this.#start = null;
  }
}

function round(seconds) {
  return Math.round(seconds * 100) / 100;
}
