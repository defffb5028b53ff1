// Go code in colours.

const token = /(\/\/.*)|("[^"]*")|\b(package|import|const|func|type|return|var|make|string|int|float32|float64)\b|([^]+?(?=\/\/|"|\b(?:package|import|const|func|type|return|var|make|string|int|float32|float64)\b|$))/g;
const classes = ['comment', 'string', 'keyword'];

// highlight shows code in an element, which has it as its text.
export function highlight(element, code) {
  element.replaceChildren();
  for (const match of code.matchAll(token)) {
    const kind = classes[match.slice(1, 4).findIndex(Boolean)];
    if (!kind) {
      element.append(match[0]);
      continue;
    }
    const span = document.createElement('span');
    span.className = kind;
    span.textContent = match[0];
    element.append(span);
  }
}
