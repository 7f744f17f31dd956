// The part of pdf.js that reads the file, in a thread of its own.
import 'pdfjs-dist/legacy/build/pdf.worker.min.mjs';
