"use strict";
for (const viewer of document.querySelectorAll(".viewer")) {
  const stage = viewer.querySelector(".stage");
  const slider = viewer.querySelector(".slider");
  const place = () => stage.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", place);
  for (const radio of viewer.querySelectorAll("input[type=radio]")) {
    radio.addEventListener("change", () => { viewer.dataset.mode = radio.value; });
  }
  viewer.querySelector(".boxes-shown").addEventListener("change", (event) => {
    viewer.classList.toggle("no-boxes", !event.target.checked);
  });
  place(); // a browser that goes back to the page keeps the slider where it was
}
