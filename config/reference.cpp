#include "config/reference.hpp"

#include <fmt/format.h>
#include <string_view>

#include "config/manual.hpp"

namespace troupe::config {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Generated from config/describe_*.cpp: TROUPE_WRITE_REFERENCE=1 test_config writes it anew. Do not edit. -->

One YAML file (JSON is YAML); `troupe check-config FILE` names every problem with its line and column, and
`--explain` says what the file means. Examples that are loaded by the tests stand in `config/examples/`.

- `${NAME}` is an environment variable, `${NAME:-default}` one with a default for unset or empty, `${file:PATH}`
  the text of a file without its trailing line end; `$${` is a literal `${`. An unset variable is an error. Inside
  `{ }` they must be quoted.
- Units are required: durations `500ms`, `30s`, `2m`, `1h`, `1d`; sizes `64KiB`, `20MiB`, `1GB`; shares `20%` or
  `0.2`; prices `2.50/Mtok` (US dollars per million tokens).
- Unknown fields, duplicate keys and bad values are errors, all told at once. `telemetry.otlp` is refused
  for now: what is ignored silently costs somebody a night.
- `SIGHUP` or `POST /config/reload` puts a new file in force as a whole, or keeps the old one. Fields marked *restart*
  wait for the next start.
- Secrets print as `***`.
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string standard_cell(const ManualEntry& entry) {
  if (entry.required) return "**required**";
  return entry.standard.empty() ? entry.absent : "`" + entry.standard + "`";
}

std::string row(const ManualEntry& entry, std::string_view shown_path) {
  std::string what = entry.what;
  if (!entry.cost.empty()) what += fmt::format(" *Cost: {}.*", entry.cost);
  if (entry.restart) what += " *restart*";
  return fmt::format("| `{}` | {} | {} | {} |\n", shown_path, escaped(standard_cell(entry)),
                     escaped(entry.type), escaped(what));
}

}  // namespace

std::string reference_page() {
  std::string page(kIntroduction);
  std::string title;
  for (const auto& entry : manual()) {
    const bool top = entry.path.find('.') == std::string::npos;
    if (top) {
      page += fmt::format("\n## {}\n\n{}", entry.path, entry.what);
      if (entry.required) page += " **Required.**";
      if (!entry.cost.empty()) page += fmt::format(" *Cost: {}.*", entry.cost);
      page += '\n';
      title = entry.path;
      if (entry.kind != ManualEntry::Kind::value)
        page += "\n| field | default | value | what it does |\n|---|---|---|---|\n";
      continue;
    }
    auto rest = std::string_view(entry.path).substr(title.size());
    if (rest.front() == '.') rest.remove_prefix(1);  // of a list the brackets stay
    page += row(entry, rest);
  }
  return page;
}

}  // namespace troupe::config
