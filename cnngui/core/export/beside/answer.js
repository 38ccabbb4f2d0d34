// Answers pictures that are dropped on the page as predict.py does, in the browser. Nothing is sent anywhere.

const RUNTIME = "ort.wasm.bundle.min.mjs";
const BESIDE = "./onnxruntime-web/"; // "npm pack onnxruntime-web" has these files in its folder dist
const ON_THE_WEB = "https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/";

const DAMAGED = "This export is damaged or mixed up. Export it again.";

const BITS = 22; // of Pillow's whole-numbered weights

// ---- from a file to the pixels that the model sees; an image is {width, height, data}, with 4 bytes a pixel ----

async function read(file) {
  const bitmap = await createImageBitmap(file); // upright, in the colours of sRGB
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

// The parts of the picture that are answered together: all of it and, unless it is square, three squares along it.
function boxes({ width, height }, [columns, rows], hasViews) {
  const whole = [0, 0, width, height];
  if (!hasViews || width * rows === height * columns) return [whole];
  const scale = Math.min(width / columns, height / rows);
  const [w, h] = [scale * columns, scale * rows];
  return [whole, ...[0, 0.5, 1].map((share) => {
    const [x, y] = [share * Math.max(0, width - w), share * Math.max(0, height - h)];
    return [x, y, Math.min(x + w, width), Math.min(y + h, height)];
  })];
}

// As Pillow's image.resize(size, BILINEAR, box, reducing_gap=3), number by number: canvas resizes otherwise.
function resize(image, size, box) {
  const lengths = [box[2] - box[0], box[3] - box[1]];
  const times = [0, 1].map((axis) => Math.floor(lengths[axis] / size[axis] / 3) || 1);
  if (Math.max(...times) > 1) {
    const margin = [0, 1].map((axis) => 0.5 * (lengths[axis] / size[axis]));
    const [left, top] = [0, 1].map((axis) => Math.max(0, Math.trunc(box[axis] - margin[axis])));
    const right = Math.min(image.width, Math.ceil(box[2] + margin[0]));
    const bottom = Math.min(image.height, Math.ceil(box[3] + margin[1]));
    image = reduce(image, times, [left, top, right, bottom]);
    box = [(box[0] - left) / times[0], (box[1] - top) / times[1], (box[2] - left) / times[0], (box[3] - top) / times[1]];
  }
  const [left, top, right, bottom] = box.map(Math.fround);
  const wide = alongRows(image, weights(image.width, left, right, size[0]));
  return alongColumns(wide, weights(image.height, top, bottom, size[1]));
}

// The means of cells of so many pixels; those at the right and at the bottom may be smaller.
function reduce(image, [across, down], [left, top, right, bottom]) {
  const [width, height] = [Math.ceil((right - left) / across), Math.ceil((bottom - top) / down)];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    const [y0, y1] = [top + row * down, Math.min(top + (row + 1) * down, bottom)];
    for (let column = 0; column < width; column++) {
      const [x0, x1] = [left + column * across, Math.min(left + (column + 1) * across, right)];
      const count = (y1 - y0) * (x1 - x0);
      const factor = Math.floor(2 ** 24 / count);
      for (let channel = 0; channel < 3; channel++) {
        let sum = Math.floor(count / 2);
        for (let y = y0; y < y1; y++)
          for (let x = x0; x < x1; x++) sum += image.data[(y * image.width + x) * 4 + channel];
        data[(row * width + column) * 4 + channel] = Math.floor((sum * factor) / 2 ** 24);
      }
    }
  }
  return { width, height, data };
}

// For each pixel of the result, where the pixels begin that it is made of, and their weights.
function weights(length, start, end, count) {
  const scale = Math.fround(end - start) / count;
  const support = Math.max(scale, 1);
  return Array.from({ length: count }, (_, place) => {
    const center = start + (place + 0.5) * scale;
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const last = Math.min(Math.trunc(center + support + 0.5), length);
    const found = Array.from({ length: last - first }, (_, index) =>
      Math.max(0, 1 - Math.abs((index + first - center + 0.5) / support)));
    const sum = found.reduce((a, b) => a + b, 0);
    return [first, found.map((weight) => Math.trunc(0.5 + (weight / sum) * 2 ** BITS))];
  });
}

function alongRows({ width, height, data }, steps) {
  return weighted(steps, steps.length, height, data, (column, row) => [column, row * width, 1]);
}

function alongColumns({ width, data }, steps) {
  return weighted(steps, width, steps.length, data, (column, row) => [row, column, width]);
}

// place: of a pixel of the result, the number of its step, and where its line of pixels begins and how far apart they are
function weighted(steps, width, height, data, place) {
  const result = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [step, begin, apart] = place(column, row);
      const [first, factors] = steps[step];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 2 ** (BITS - 1);
        for (let index = 0; index < factors.length; index++)
          sum += factors[index] * data[(begin + (first + index) * apart) * 4 + channel];
        result[(row * width + column) * 4 + channel] = Math.floor(sum / 2 ** BITS);
      }
    }
  return { width, height, data: result };
}

function views(image, card) {
  const parts = boxes(image, card.size, card.views).map((box) => resize(image, card.size, box).data);
  return parts.map((data) => data.filter((_, index) => index % 4 < 3)); // without alpha
}

// ---- from the pixels to the answer ----

// A file of NumPy with float16 in rows.
function rowsOf(buffer) {
  const begin = 10 + new DataView(buffer).getUint16(8, true);
  const [, rows, units] = /\((\d+), (\d+)\)/.exec(new TextDecoder().decode(buffer.slice(10, begin)));
  const halves = new Uint16Array(buffer.slice(begin));
  const values = Float32Array.from(halves, (half) => {
    const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
    const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
    return half >> 15 ? -size : size;
  });
  return Array.from({ length: Number(rows) }, (_, row) => values.subarray(row * units, (row + 1) * units));
}

// The cosine similarity to the most similar training image; each depth of the network counts as much as the others.
function likeness(features, parts, remembered) {
  const direction = new Float64Array(features.length);
  let start = 0;
  for (const units of parts) {
    let sum = 0;
    for (let unit = start; unit < start + units; unit++) sum += features[unit] ** 2;
    const length = Math.max(Math.sqrt(sum), 1e-12) * Math.sqrt(parts.length);
    for (let unit = start; unit < start + units; unit++) direction[unit] = features[unit] / length;
    start += units;
  }
  return Math.max(...remembered.map((row) => row.reduce((sum, value, unit) => sum + value * direction[unit], 0)));
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function rows(tensor) {
  const units = tensor.dims[1];
  return Array.from({ length: tensor.dims[0] }, (_, row) => tensor.data.slice(row * units, (row + 1) * units));
}

// Whether the files are those of the card. Browsers tell it on this computer and over https alone.
async function isWhole(contents, expected) {
  if (!crypto.subtle) return true;
  const digest = await crypto.subtle.digest("SHA-256", await new Blob(contents).arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("") === expected;
}

async function load() {
  if (location.protocol === "file:")
    throw new Error("Start “python -m http.server” in this folder, then open http://localhost:8000.");
  const get = async (name) => {
    const response = await fetch(name);
    if (!response.ok) throw new Error(`${name} is missing beside this page. Copy the whole folder.`);
    return response;
  };
  const ort = await import(BESIDE + RUNTIME).catch(() => import(ON_THE_WEB + RUNTIME)).catch(() => {
    throw new Error("onnxruntime-web is neither in the folder beside this page nor can it be fetched.");
  });
  ort.env.wasm.numThreads = 1; // more need a server that isolates the page
  const card = await (await get("card.json")).json().catch(() => { throw new Error(DAMAGED); });
  const contents = await Promise.all(card.files.map(async (name) => (await get(name)).arrayBuffer()));
  if (!(await isWhole(contents, card.sha256))) throw new Error(DAMAGED);
  const none = card.none_of_these;
  const remembered = none && rowsOf(contents[card.files.indexOf(none.file)]);
  const session = await ort.InferenceSession.create(contents[0]);
  return { ort, card, remembered, session };
}

const loading = load();

// The answer for a picture: {classes: [[name, probability], …], the likeliest first, likeness, known}.
async function classify(file) {
  const { ort, card, remembered, session } = await loading;
  const seen = views(await read(file), card);
  const images = new Uint8Array(seen.length * seen[0].length);
  seen.forEach((view, index) => images.set(view, index * view.length));
  const [columns, lines] = card.size;
  const found = await session.run({ images: new ort.Tensor("uint8", images, [seen.length, lines, columns, 3]) });
  const answers = rows(found.probabilities);
  const means = card.classes.map((_, label) => Math.exp(mean(answers.map((row) => Math.log(Math.max(row[label], 1e-30))))));
  const sum = card.independent ? 1 : means.reduce((a, b) => a + b, 0);
  const classes = card.classes.map((name, label) => [name, means[label] / sum]).sort((a, b) => b[1] - a[1]);
  if (!remembered) return { classes, likeness: null, known: true };
  const alike = rows(found.features).map((row) => likeness(row, card.parts, remembered)).sort((a, b) => b - a);
  const score = mean(alike.slice(0, Math.ceil(alike.length / 2)));
  return { classes, likeness: score, known: score >= card.none_of_these.threshold };
}

// ---- the page ----

const [place, chooser, status, list] = ["label", "input", "p", "ol"].map((name) => document.querySelector(name));

async function show(files) {
  for (const file of files) {
    const [item, picture, text] = ["li", "img", "span"].map((name) => document.createElement(name));
    picture.src = URL.createObjectURL(file);
    picture.alt = "";
    text.textContent = `${file.name} …`;
    item.append(picture, text);
    list.prepend(item);
    try {
      const { classes, known } = await classify(file);
      const best = classes.slice(0, 3).map(([name, share]) => `${name} ${(100 * share).toFixed(1)}%`).join(", ");
      text.textContent = `${file.name}: ${known ? best : `none of these (${best})`}`;
    } catch (error) {
      text.textContent = `${file.name}: this picture could not be read (${error.message})`;
    }
  }
}

for (const kind of ["dragover", "dragleave", "drop"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind === "drop") show([...event.dataTransfer.files]);
  });
chooser.addEventListener("change", () => show([...chooser.files]));
loading.then(({ card }) => { status.textContent = `It knows: ${card.classes.join(", ")}.`; })
  .catch((error) => { status.textContent = error.message; });

export { classify, read, views };
