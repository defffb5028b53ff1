// The histogram of λ with its density.

const width = 320, height = 140, foot = 172; // of the plot, and down to the end of its scale

function svg(name, attributes, text = '') {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.textContent = text;
  return e;
}

// drawChart draws play.Chart. The scale of the densities is such that all bars fit;
// a curve that goes to infinity leaves the plot.
export function drawChart(chart, { bars, density }) {
  const margin = 4, across = width - 2 * margin;
  const top = 1.1 * Math.max(1.4, ...bars);
  const x = lambda => margin + across * lambda;
  const y = d => Math.max(height - height * d / top, -height);
  const parts = [];
  const w = across / bars.length;
  const path = bars.map((d, i) => (d > 0 ? `M${x(i / bars.length) + 0.5} ${height}V${y(d)}h${w - 1}V${height}z` : '')).join('');
  parts.push(svg('path', { class: 'bars', d: path }));
  if (density) {
    const points = density.map((d, i) => `${x((i + 0.5) / density.length)} ${y(d)}`);
    parts.push(svg('path', { class: 'density', d: `M${points.join('L')}` }));
  }
  parts.push(svg('path', { class: 'axis', d: `M${margin} ${height}H${width - margin}` }));
  for (const [lambda, text, anchor] of [[0, '0: partner', 'start'], [0.5, 'λ = ½', 'middle'], [1, '1: itself', 'end']]) {
    parts.push(svg('path', { class: 'axis', d: `M${x(lambda)} ${height}v5` }));
    parts.push(svg('text', { x: x(lambda), y: foot - 10, 'text-anchor': anchor }, text));
  }
  chart.replaceChildren(...parts);
}
