const LARGEST = 4;
const SMALLEST = 1;
/** Pixels of one canvas that old phones can bear. */
const MOST_PIXELS = 8_000_000;

/** The pages of a PDF under each other, as wide as their frame; only those near are drawn. */
export class Paper {
  page = 1;
  onPage = () => {};
  #factor = 1;
  #sheets = [];

  constructor(pdf, file, frame, words) {
    Object.assign(this, { pdf, file, frame, words });
  }

  /** Makes room for every page, so that the place of each is known before it is drawn. */
  async lay() {
    const first = await this.file.getPage(1);
    const { width, height } = first.getViewport({ scale: 1 });
    for (let number = 1; number <= this.file.numPages; number += 1) {
      const sheet = document.createElement('div');
      sheet.className = 'paper-sheet';
      sheet.dataset.page = number;
      sheet.setAttribute('role', 'group');
      sheet.setAttribute('aria-label', this.words.replace('{page}', number).replace('{pages}', this.file.numPages));
      this.frame.append(sheet);
      this.#sheets.push({ element: sheet, number, width, height, drawn: 0 });
    }
    this.#size();
    const near = new IntersectionObserver((entries) => this.#see(entries), { root: this.frame, rootMargin: '50% 0px' });
    for (const sheet of this.#sheets) near.observe(sheet.element);
    this.frame.addEventListener('scroll', () => this.#notePage(), { passive: true });
    let width0 = this.frame.clientWidth;
    new ResizeObserver(() => {
      if (this.frame.clientWidth === width0) return;
      width0 = this.frame.clientWidth;
      this.#redraw();
    }).observe(this.frame);
  }

  goTo(number) {
    if (!Number.isFinite(number)) return;
    const page = Math.min(Math.max(1, Math.round(number)), this.#sheets.length);
    const sheet = this.#sheets[page - 1].element;
    this.frame.scrollTop = sheet.offsetTop - this.frame.offsetTop;
    this.#setPage(page);
  }

  zoom(by) {
    this.#factor = Math.min(LARGEST, Math.max(SMALLEST, this.#factor * by));
    const { page } = this;
    this.#redraw();
    this.goTo(page);
  }

  #scale(sheet) {
    return (this.frame.clientWidth / sheet.width) * this.#factor;
  }

  #size() {
    for (const sheet of this.#sheets) {
      const scale = this.#scale(sheet);
      // Through the style object, which the page's policy allows.
      sheet.element.style.width = `${Math.floor(sheet.width * scale)}px`;
      sheet.element.style.height = `${Math.floor(sheet.height * scale)}px`;
    }
  }

  #redraw() {
    for (const sheet of this.#sheets) {
      sheet.drawn = 0;
      sheet.element.replaceChildren();
    }
    this.#size();
    for (const sheet of this.#sheets) if (sheet.near) this.#draw(sheet);
  }

  #see(entries) {
    for (const entry of entries) {
      const sheet = this.#sheets[Number(entry.target.dataset.page) - 1];
      sheet.near = entry.isIntersecting;
      if (sheet.near) this.#draw(sheet);
      else if (sheet.drawn) {
        sheet.drawn = 0;
        sheet.element.replaceChildren(); // memory is short on phones
      }
    }
  }

  async #draw(sheet) {
    const scale = this.#scale(sheet);
    if (sheet.drawn === scale) return;
    sheet.drawn = scale;
    const page = await this.file.getPage(sheet.number);
    const natural = page.getViewport({ scale: 1 });
    if (natural.width !== sheet.width || natural.height !== sheet.height) {
      Object.assign(sheet, { width: natural.width, height: natural.height });
      this.#size();
    }
    const viewport = page.getViewport({ scale: this.#scale(sheet) });
    const ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    canvas.setAttribute('aria-hidden', 'true');
    const text = document.createElement('div');
    text.className = 'paper-text';
    text.style.setProperty('--total-scale-factor', viewport.scale);
    await page.render({ canvas, viewport, transform: [ratio, 0, 0, ratio, 0, 0] }).promise;
    if (sheet.drawn !== scale) return; // it went away or changed its size meanwhile
    const layer = new this.pdf.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    await layer.render();
    sheet.element.replaceChildren(canvas, text);
  }

  #notePage() {
    const middle = this.frame.scrollTop + this.frame.clientHeight / 2;
    const at = this.#sheets.findIndex(({ element }) => element.offsetTop - this.frame.offsetTop + element.offsetHeight > middle);
    this.#setPage(at < 0 ? this.#sheets.length : at + 1);
  }

  #setPage(page) {
    if (page === this.page) return;
    this.page = page;
    this.onPage(page);
  }
}
