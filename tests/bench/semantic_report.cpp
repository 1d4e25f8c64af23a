// How often the semantic cache answers a paraphrase, and how often it answers another question, by threshold:
// the built-in embedder, with and without the guard.
// `semantic_report FILE...`: tests/semantic/questions.txt, or tab-separated pairs as MRPC has them (label,
// id, id, text, text).
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/semantic/guard.hpp"
#include "gateway/semantic/lexical.hpp"

using namespace troupe::semantic;

namespace {

struct Pair {
  bool same = false;
  float score = 0;
  std::string_view forbidden;
};

Pair compared(bool same, std::string_view a, std::string_view b) {
  return {same, similarity(lexical_vector(a), lexical_vector(b)), forbids(marks_of(a), marks_of(b))};
}

std::vector<std::string_view> columns(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0; from <= line.size();) {
    const auto end = std::min(line.find('\t', from), line.size());
    out.push_back(line.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

std::vector<Pair> read(const char* path) {
  std::vector<Pair> out;
  std::ifstream file(path);
  std::string line, base;
  while (std::getline(file, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.size() > 2 && line[1] == ' ' && line[0] == '=') base = line.substr(2);
    if (line.size() > 2 && line[1] == ' ' && (line[0] == '~' || line[0] == '!'))
      out.push_back(compared(line[0] == '~', base, std::string_view(line).substr(2)));
    const auto parts = columns(line);
    if (parts.size() == 5 && (parts[0] == "0" || parts[0] == "1"))
      out.push_back(compared(parts[0] == "1", parts[3], parts[4]));
  }
  return out;
}

void report(const char* path) {
  constexpr std::array<float, 8> kThresholds{0.6F, 0.7F, 0.75F, 0.8F, 0.85F, 0.9F, 0.95F, 0.98F};
  const auto pairs = read(path);
  int same = 0, other = 0;
  for (const auto& pair : pairs) ++(pair.same ? same : other);
  std::printf("\n%s: %d paraphrases, %d others\n", path, same, other);
  std::printf(
      "| threshold | hits | false hits | hits, guarded | false hits, guarded |\n|---|---|---|---|---|\n");
  for (const auto threshold : kThresholds) {
    int hits = 0, wrong = 0, guarded = 0, guarded_wrong = 0;
    for (const auto& pair : pairs) {
      if (pair.score < threshold) continue;
      ++(pair.same ? hits : wrong);
      if (pair.forbidden.empty()) ++(pair.same ? guarded : guarded_wrong);
    }
    const auto share = [](int part, int of) { return of == 0 ? 0.0 : 100.0 * part / of; };
    std::printf("| %.2f | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n", static_cast<double>(threshold),
                share(hits, same), share(wrong, other), share(guarded, same), share(guarded_wrong, other));
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) report(argv[i]);
  return argc > 1 && !read(argv[1]).empty() ? 0 : 1;
}
