/** Makes a text field as high as its text; the style sheet sets where that ends. */
export function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = 'auto';
  const border = field.offsetHeight - field.clientHeight;
  field.style.height = `${field.scrollHeight + border}px`;
}
