/* A picture wider than its box begins at its middle, where the chain begins. */
for (const box of document.querySelectorAll(".drawn-box")) {
  const chosen = box.querySelector(".drawn-chosen, :target");
  if (chosen) chosen.scrollIntoView({ block: "nearest", inline: "center" });
  else box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
}
