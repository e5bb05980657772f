declare module 'pdfkit' {
  /** Of pdfkit, what the fixtures use: it comes without types. */
  export default class PDFDocument extends NodeJS.EventEmitter {
    constructor(options?: {
      compress?: boolean;
      userPassword?: string;
      ownerPassword?: string;
      size?: readonly [width: number, height: number];
      autoFirstPage?: boolean;
    });
    addPage(): this;
    text(text: string): this;
    rect(x: number, y: number, width: number, height: number): this;
    fill(color: string): this;
    end(): void;
    on(event: 'data', listener: (bytes: Uint8Array) => void): this;
    on(event: 'end', listener: () => void): this;
  }
}
