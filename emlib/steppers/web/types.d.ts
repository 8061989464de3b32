// The shapes of what the modules hand to each other; read by tsc and editors, sent to no one.

/** Parameters of a model by name; of k components, component after component. */
interface Params {
  mixing_weights: Float64Array;
  [name: string]: Float64Array;
}

/** n rows of tosses; row i counts weights[i] times, or once where there are no weights. */
interface Tosses {
  n: number;
  heads: Float64Array;
  flips: Float64Array;
  weights: Float64Array | null;
}

/** n points of d numbers, row by row; origin and unit are those of Python's Points. */
interface Points {
  n: number;
  d: number;
  points: Float64Array;
  weights: Float64Array | null;
  origin: Float64Array;
  unit: Float64Array;
}

/** Rows of the same heads and flips; `first` is the first of them. */
interface RowGroup {
  first: number;
  heads: number;
  flips: number;
  count: number;
}

/** Lengths and places in the picture of expected counts, in pixels; `unit` is the height of a flip. */
interface FlowLayout {
  rows: (RowGroup & { y: number; yTails: number; words: string })[];
  barLeft: number;
  barRight: number;
  bar: number;
  flipsInAll: number;
  unit: number;
  coinGap: number;
  coinsTop: number;
  rowSize: number;
  lineSize: number;
  isTight: boolean;
  room: number;
}

/** What of all tosses belongs to each coin, as expected. */
type Counts = Record<"heads" | "tails" | "flips", Float64Array>;

/** A coin's bar: where it begins, its height and how much of that is heads. */
interface CoinBar {
  y: number;
  height: number;
  heads: number;
}

/** Mean and Cholesky factor of a component in the coordinates that are shown. */
interface Shape {
  mean: number[];
  L: number[];
}

/** The two sides of Jensen's inequality, with the weights divided by their sum. */
interface Sides {
  w: number[];
  mean: number;
  fOfMean: number;
  meanOfF: number;
}

interface Model {
  /** log p(x_i, z_i = j), n x k. */
  logJoint(data: any, parameters: Params, out?: Float64Array): Float64Array;
  mStep(data: any, r: Float64Array, old: Params, options?: any): Params;
  /** Parameters a little beside these, of those that the M-step moves. */
  beside(parameters: Params, push: number, options?: any): Params;
  /** All parameters as one vector, in units in which the length of a step means much. */
  position(data: any, parameters: Params): Float64Array;
}

interface Step {
  parameters: Params;
  logLikelihood: number;
  /** The responsibilities, n x k; null where the start is impossible, absent until computed. */
  r?: Float64Array | null;
}

interface Run {
  steps: Step[];
  reason: string;
  message: string;
  leaps?: boolean;
  /** The height to draw densities to, once computed. */
  top?: number;
}

/** The constants of the rule for stopping, from Python. */
interface Stopping {
  tol: number;
  maxIter: number;
  rounding: number;
  settling: number;
  standstill: number;
}

/** Responsibilities belong to step t, the parameters shown to step now. */
interface HalfStep {
  phase: "start" | "E" | "M";
  t: number;
  now: number;
}

interface Palette {
  colours: string[];
  dashes: string[];
  markers: string[];
  neutral: string;
}

/** How k components look. */
interface Look {
  k: number;
  names: string[];
  colours: string[];
  lines: string[];
  rgb: number[][];
  dashes: string[];
  markers: string[];
  neutral: string;
}

/** From numbers between lo and hi to pixels between from and to. */
interface Scale {
  (x: number): number;
  lo: number;
  hi: number;
  from: number;
  to: number;
  invert(pixel: number): number;
}

type Place = [x: number, y: number];

/** A column of a table: its title and its cells. */
type Column = [title: string, cells: (string | number)[]];

/** An element to be drawn. */
type Part = [tag: "path" | "text" | "rect", attributes: Record<string, any>];

/** Something to take hold of: `place` shows where it is, and says so. */
interface Handle {
  node: SVGElement;
  place(value: number[], words: string, y?: number): void;
}

/** Where a picture puts things. */
interface Frame {
  card: HTMLElement;
  controls: HTMLElement;
  phases: HTMLElement;
  panels: HTMLElement;
  tables: HTMLElement;
  say(words: string, hint: string, isQuiet?: boolean): void;
  /** The reader has done something, or even moved something by hand. */
  touched(isByHand?: boolean): void;
  /** Build what is drawn for the room there is, now and whenever that changes. */
  fitted(build: (room: Room) => void): void;
}

/** Widths of the card and its two columns, which are one where it is narrow. */
interface Room {
  isWide: boolean;
  all: number;
  main: number;
  side: number;
}

/** How the reader came to a half-step. */
type Going = "step" | "slide" | "fit" | "play" | "play fast";

/** One kind of picture to step through. */
interface View {
  formula: Record<HalfStep["phase"], string>;
  describe(run: Run, half: HalfStep): string;
  /** `r` are the responsibilities, which the start does not have yet. */
  draw(run: Run, half: HalfStep, r: Float64Array | null): void;
}

/** What a view is built from. */
interface Given {
  data: any;
  options: any;
  look: Look;
  room: Room;
  /** Begin elsewhere: with other values at some places of a parameter. */
  moveStart(name: string, places: number[], values: number[]): void;
  setOptions(changed: object): void;
}

/** What Python sends. */
interface Spec {
  css: string;
  host: HTMLElement;
  palette: Palette;
  [name: string]: any;
}
