// A signature drawn with finger, pen or mouse: kept as strokes, in the hidden field that the form sends.
"use strict";
for (const box of document.querySelectorAll("[data-draw]")) {
  const field = document.getElementById(box.dataset.draw);
  const canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let strokes = [], stroke = null;
  const read = () => {
    try { return JSON.parse(field.value || "[]"); } catch { return []; }
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#101010";
    for (const line of strokes) {
      pen.beginPath();
      pen.moveTo(line[0], line[1]);
      for (let i = 0; i < line.length; i += 2) pen.lineTo(line[i], line[i + 1]);
      pen.stroke();
    }
  };
  const within = (n, most) => Math.min(most, Math.max(0, Math.round(n)));
  const add = (event) => {
    const at = canvas.getBoundingClientRect();
    stroke.push(within(((event.clientX - at.left) / at.width) * canvas.width, canvas.width));
    stroke.push(within(((event.clientY - at.top) / at.height) * canvas.height, canvas.height));
    draw();
  };
  const keep = () => {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = [];
    strokes.push(stroke);
    add(event);
  });
  canvas.addEventListener("pointermove", (event) => stroke && add(event));
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (stroke) keep();
      stroke = null;
    });
  }
  box.querySelector("button").addEventListener("click", () => {
    strokes = [];
    draw();
    keep();
  });
  strokes = read();
  draw();
  box.hidden = false;
}
