// A classic script, for pages opened from a disk: browsers load no modules there.
if (location.protocol === "file:") {
  for (const part of document.querySelectorAll(".live")) {
    const words = "To change a line, serve the book: make book-serve. Browsers run " +
      "no workers from a file. You can read the whole page without them.";
    const line = document.createElement("p");
    line.className = "live-trouble";
    line.textContent = words;
    part.append(line);
  }
}
