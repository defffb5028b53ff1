// The mixed minibatch: a card for each row, with the images that it was mixed from
// above it and its label below.

const thumb = 112; // side of the images above, in pixels

// element returns a new element of a class.
function element(name, className, ...children) {
  const e = document.createElement(name);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

function canvas(side) {
  const c = element('canvas');
  c.width = c.height = side;
  return c;
}

// colour returns that of a class. Classes that follow each other differ most.
const colour = i => `hsl(${(i * 137.5 + 25) % 360} 65% 55%)`;

// percent writes a part of 1 so that only all is 100 %, and only nothing 0 %.
function percent(part) {
  if (part > 0 && part < 0.005) return '<1 %';
  if (part < 1 && part > 0.995) return '>99 %';
  return `${Math.round(100 * part)} %`;
}

export class Cards {
  #list;
  #side = 0;
  #classes = []; // names, by their numbers in labels
  #names = []; // of the images
  #thumbs = []; // the images, small
  #cards = [];

  constructor(list) { this.#list = list; }

  // setSources takes the images of a minibatch before they are mixed.
  setSources(pixels, side, names) {
    this.#side = side;
    this.#names = names;
    this.#classes = [...new Set(names)];
    const full = canvas(side);
    this.#thumbs = names.map((_, i) => {
      full.getContext('2d').putImageData(this.#image(pixels, i), 0, 0);
      const small = canvas(thumb);
      const context = small.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(full, 0, 0, thumb, thumb);
      return small;
    });
    this.#cards = names.map(() => this.#card());
    this.#list.replaceChildren(...this.#cards.map(c => c.item));
  }

  // image returns the pixels of image i.
  #image(pixels, i) {
    const size = 4 * this.#side * this.#side;
    return new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset + i * size, size), this.#side);
  }

  #card() {
    const card = { terms: element('div', 'terms'), mixture: canvas(this.#side), box: element('div', 'box'),
      bar: element('div', 'bar'), label: element('p', 'label') };
    card.mixture.setAttribute('role', 'img');
    card.bar.setAttribute('aria-hidden', true);
    card.context = card.mixture.getContext('2d', { willReadFrequently: true }); // in memory, as its pixels come from there
    card.item = element('li', 'card', card.terms, element('div', 'mixture', card.mixture, card.box), card.bar, card.label);
    return card;
  }

  // show shows play.Rows, whose pixels those are.
  show(rows, pixels) {
    rows.forEach((row, i) => {
      const card = this.#cards[i];
      card.context.putImageData(this.#image(pixels, i), 0, 0);
      this.#showTerms(card, row, i);
      this.#showBox(card.box, row.box);
      this.#showLabel(card, row.label);
    });
  }

  #showTerms(card, row, i) {
    const terms = card.terms;
    while (terms.children.length > row.terms.length) terms.lastChild.remove();
    while (terms.children.length < row.terms.length) {
      const image = canvas(thumb);
      image.setAttribute('role', 'img');
      terms.append(element('figure', '', image, element('figcaption')));
    }
    const many = row.terms.length > 2;
    terms.style.setProperty('--columns', many && row.terms.length !== 4 ? 3 : 2);
    row.terms.forEach(({ source, weight }, k) => {
      const [image, caption] = terms.children[k].children;
      if (image.source !== this.#thumbs[source]) {
        image.source = this.#thumbs[source];
        image.getContext('2d').drawImage(image.source, 0, 0);
        const role = k === 0 ? 'image' : source === i ? 'partner, the same image' : 'partner';
        image.setAttribute('aria-label', `${role}: ${this.#names[source]}`);
        image.title = `${role}: ${this.#names[source]}`;
      }
      image.style.opacity = 0.3 + 0.7 * weight;
      const number = weight.toFixed(2);
      caption.textContent = row.box ? `area ${number}` : `${k > 0 ? '+ ' : ''}${number}${many ? '' : ' ×'}`;
    });
  }

  #showBox(outline, box) {
    outline.hidden = !box;
    if (!box) return;
    for (const side of ['left', 'top', 'width', 'height']) outline.style[side] = `${100 * box[side]}%`;
  }

  #showLabel(card, label) {
    const texts = label.map(({ class: c, part }) => `${percent(part)} ${this.#classes[c]}`);
    const text = texts.join(', ');
    if (card.text === text) return;
    card.text = text;
    card.mixture.setAttribute('aria-label', `mixture: ${text}`);
    card.bar.replaceChildren(...label.map(({ class: c, part }) => {
      const piece = element('span');
      piece.style.flexGrow = part;
      piece.style.background = colour(c);
      return piece;
    }));
    card.label.replaceChildren(...label.map(({ class: c, part }) => {
      const dot = element('i');
      dot.style.background = colour(c);
      return element('span', '', dot, element('b', '', percent(part)), ` ${this.#classes[c]}`);
    }));
  }
}
