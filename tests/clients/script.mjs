// What the scripted provider of the client tests says.
export const place = { city: "Paris", degrees: 21 };

/** What the provider says; a tool is called once, and its result is told on. */
export function script(asked) {
  if (asked.text.includes("forbidden")) return { status: 400, message: "This question is not allowed." };
  if (asked.text.includes("hurry")) return { status: 429, message: "Slow down, please." };
  if (asked.results.length) return { text: `The tool said: ${asked.results.join(" and ")}.` };
  if (asked.force) return { calls: [{ name: asked.force === "any" ? asked.tools[0] : asked.force, input: place }] };
  if (asked.schema) return { text: JSON.stringify(place) };
  if (asked.tools.includes("get_weather")) return { calls: [{ name: "get_weather", input: { city: "Paris" } }] };
  return { text: "Hello there, friend." };
}
