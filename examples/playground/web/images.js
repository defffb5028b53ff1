// Images from files.

const side = 224; // that images are brought to
const most = 64; // images, see play.MaxImages

// readImages returns {pixels, side, classes} of image files: of each one the square
// in its middle. Names without their endings are the classes.
export async function readImages(files) {
  if (files.length > most) throw new Error(`${files.length} images, want at most ${most}`);
  const size = 4 * side * side;
  const pixels = new Uint8ClampedArray(size * files.length);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  const classes = [];
  for (const file of files) {
    let image;
    try {
      image = await createImageBitmap(file);
    } catch {
      throw new Error(`${file.name}: not an image that this browser can read`);
    }
    const square = Math.min(image.width, image.height);
    context.fillStyle = 'white'; // behind what is transparent
    context.fillRect(0, 0, side, side);
    context.drawImage(image, (image.width - square) / 2, (image.height - square) / 2, square, square, 0, 0, side, side);
    image.close();
    pixels.set(context.getImageData(0, 0, side, side).data, size * classes.length);
    classes.push(file.name.replace(/(.)\.[^.]*$/, '$1'));
  }
  return { pixels, side, classes };
}
