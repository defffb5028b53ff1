// The page: reads the settings, has the library mix the images, and shows what comes
// out. What is computed is in Go, see ../play.

import { Cards } from './cards.js';
import { drawChart } from './chart.js';
import { highlight } from './code.js';
import { readImages } from './images.js';

const $ = id => document.getElementById(id);
const switches = ['mixup', 'cutMix', 'perRow', 'fixed', 'minMax'];
const numbers = ['alpha', 'lambda', 'k', 'min', 'max', 'switch'];
const cards = new Cards($('rows'));
let seed = 1;
let mixed = new Uint8ClampedArray(0); // pixels of the mixed images

// settings returns play.Settings.
function settings() {
  const s = { seed };
  for (const id of switches) s[id] = $(id).checked;
  for (const id of numbers) s[id] = $(id).valueAsNumber;
  return s;
}

// showSettings hides what has no effect with settings s.
function showSettings(s) {
  const boxes = s.cutMix && !s.minMax; // whose sizes follow λ
  const shown = {
    alpha: (s.mixup || boxes) && !s.fixed,
    lambda: (s.mixup || boxes) && s.fixed,
    k: s.mixup,
    min: s.cutMix && s.minMax,
    max: s.cutMix && s.minMax,
    switch: s.mixup && s.cutMix,
    fixed: s.mixup || boxes,
    minMax: s.cutMix,
  };
  for (const [id, on] of Object.entries(shown)) $(id).closest('.slider, label').hidden = !on;
}

// hidden reports whether a number field is hidden.
const hidden = field => field.closest('.slider').hidden;

// unfinished returns the number field that does not hold a number, as while it is
// being typed.
function unfinished() {
  return numbers.map($).find(field => {
    const wrong = !hidden(field) && !field.validity.valid;
    field.setAttribute('aria-invalid', wrong);
    return wrong;
  });
}

// fail shows what is wrong, and what was right last in a pale colour.
function fail(message) {
  $('error').textContent = message;
  $('error').hidden = message === '';
  document.querySelector('main').classList.toggle('stale', message !== '');
}

// change shows what the settings make of the images.
function change() {
  performance.mark('change begins');
  const s = settings();
  showSettings(s);
  const field = unfinished();
  if (field) {
    fail(`${field.labels[0].firstChild.textContent.trim()}: ${field.validationMessage}`);
    return;
  }
  for (const f of numbers.map($)) if (hidden(f)) s[f.id] = Number(f.defaultValue); // what is typed may be no number
  performance.mark('mix begins');
  const result = JSON.parse(playground.mix(JSON.stringify(s), mixed));
  performance.measure('mix', 'mix begins');
  if (result.error) {
    fail(result.error);
    return;
  }
  fail('');
  cards.show(result.rows, mixed);
  $('meaning').textContent = result.meaning;
  $('law').textContent = result.chart.title;
  $('remark').textContent = result.chart.remark;
  $('density-key').hidden = !result.chart.density;
  drawChart($('chart'), result.chart);
  highlight($('code'), result.code);
  $('seed').value = seed;
  announce(`${result.rows.length} images mixed. ${result.chart.title}.`);
  performance.measure('change', 'change begins');
}

let frame = 0;
// changed calls change, once before the browser paints.
function changed() {
  if (frame) return;
  frame = requestAnimationFrame(() => { frame = 0; change(); });
}

let announcement = 0;
// announce tells a screen reader, when nothing has changed for a moment.
function announce(text) {
  clearTimeout(announcement);
  announcement = setTimeout(() => { $('status').textContent = text; }, 500);
}

// setImages takes images of {pixels, side, classes}, which the library has already.
function setImages({ pixels, side, classes }) {
  mixed = new Uint8ClampedArray(pixels.length);
  cards.setSources(pixels, side, classes);
  changed();
}

let choices = 0; // how often images were chosen

function useBuiltIn() {
  choices++;
  setImages(playground.builtIn());
  $('builtIn').hidden = true;
}

// useFiles takes images from files, unless others are chosen while these are read.
async function useFiles(files) {
  const choice = ++choices;
  try {
    const images = await readImages(files);
    if (choice !== choices) return;
    const { error } = playground.setImages(images.pixels, images.side, images.classes);
    if (error) throw new Error(error);
    setImages(images);
    $('builtIn').hidden = false;
  } catch (e) {
    if (choice === choices) fail(e.message);
  }
}

// A slider moves with the number field that it stands below.
function connect(slider) {
  const field = $(slider.dataset.for);
  const log = slider.dataset.scale === 'log'; // 0, and then 0.01 to 100
  const toValue = p => (!log ? p : p === 0 ? 0 : Number((10 ** (p / 20 - 2)).toPrecision(2)));
  const toPlace = v => (!log ? v : v <= 0 ? 0 : Math.round(20 * (Math.log10(v) + 2)));
  const fromField = () => {
    if (Number.isNaN(field.valueAsNumber)) return;
    slider.value = toPlace(field.valueAsNumber);
    slider.setAttribute('aria-valuetext', field.value);
  };
  slider.addEventListener('input', () => {
    field.value = toValue(slider.valueAsNumber);
    slider.setAttribute('aria-valuetext', field.value);
    changed();
  });
  field.addEventListener('input', () => { fromField(); changed(); });
  fromField();
}

async function copy() {
  let done = 'Copied';
  try {
    await navigator.clipboard.writeText($('code').textContent);
  } catch { // not allowed here: select it
    getSelection().selectAllChildren($('code'));
    done = 'Selected';
  }
  $('copy').textContent = done;
  announce(done);
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 1500);
}

function listen() {
  document.querySelectorAll('input[type=range]').forEach(connect);
  for (const id of switches) $(id).addEventListener('change', changed);
  $('settings').addEventListener('submit', e => e.preventDefault());
  $('again').addEventListener('click', () => { seed++; changed(); });
  $('copy').addEventListener('click', copy);
  $('builtIn').addEventListener('click', () => { useBuiltIn(); $('files').focus(); });
  $('files').addEventListener('change', e => {
    if (e.target.files.length) useFiles([...e.target.files]);
    e.target.value = ''; // so that the same files can be taken again
  });
  const drag = on => e => {
    e.preventDefault();
    $('drop').classList.toggle('over', on);
  };
  document.addEventListener('dragover', drag(true));
  document.addEventListener('dragleave', drag(false));
  document.addEventListener('drop', e => {
    drag(false)(e);
    if (e.dataTransfer.files.length) useFiles([...e.dataTransfer.files]);
  });
}

async function start() {
  try {
    const go = new Go(); // of wasm_exec.js
    const { instance } = await WebAssembly.instantiateStreaming(fetch('page.wasm'), go.importObject);
    go.run(instance);
  } catch (e) {
    $('meaning').textContent = '';
    fail(`The library could not be started: ${e.message}`);
    return;
  }
  listen();
  useBuiltIn();
  document.querySelector('main').removeAttribute('aria-busy');
}

start();
