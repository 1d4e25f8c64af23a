// What counting tokens costs, per 4 kB of text: exactly with a vocabulary, again when it was counted lately,
// and guessed. `tokens_bench [rounds]`; without the vocabularies (deploy/tokens) only the guesses are
// measured.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "gateway/tokens/estimate.hpp"
#include "gateway/tokens/memo.hpp"
#include "gateway/tokens/vocabulary.hpp"

using namespace troupe;
using namespace troupe::tokens;

namespace {

constexpr std::size_t kSize = 4096;

/// Words of one script until there are 4 kB of them, never cut inside a character.
std::string filled(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; text.size() + 24 < kSize; i = i * 5 + 3) text += words[i % words.size()];
  return text;
}

std::vector<std::pair<const char*, std::string>> samples() {
  return {{"English", filled({"The ", "quick ", "brown ", "fox, ", "who'd ", "jumped ", "over ",
                              "unremarkable ", "dogs.\n", "Meanwhile ", "nobody "})},
          {"code", filled({"if (count > 0) {\n    ", "return ", "values[i] ", "+= ", "std::string(", "x",
                           ");\n", "}\n\n", "someLongName = ", "0x1F; ", "// why\n"})},
          {"Russian", filled({"привет ", "сегодня ", "хорошая ", "погода, ", "мы ", "идём ", "гулять. "})},
          {"Chinese", filled({"今天", "天气", "怎么样", "，", "我们", "去", "公园", "散步吧", "。"})}};
}

double cpu_us() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec) * 1e6 + static_cast<double>(use.ru_utime.tv_usec);
}

template <class Work>
void measure(const char* what, const char* sample, std::size_t rounds, Work work) {
  std::int64_t tokens = work();  // once to warm up
  const auto before = cpu_us();
  for (std::size_t i = 0; i < rounds; ++i) tokens = work();
  const auto per_call = (cpu_us() - before) / static_cast<double>(rounds);
  std::printf("%-12s %-8s %8.1f us per 4 kB  %5lld tokens\n", what, sample, per_call,
              static_cast<long long>(tokens));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2000;
  const char* told = std::getenv("TROUPE_TOKENS");
  const Library library(find_directory(told != nullptr ? told : "", argv[0]));
  for (const auto& [name, text] : samples()) {
    for (const auto encoding : {Encoding::o200k_base, Encoding::cl100k_base}) {
      const auto* vocabulary = library.get(encoding);
      if (vocabulary == nullptr) continue;
      measure(tokens::name(encoding).data(), name, rounds,
              [&, &sample = text] { return *vocabulary->count(sample); });
    }
    if (const auto* vocabulary = library.get(Encoding::o200k_base)) {
      Memo memo(1);
      memo.put(memo.place(1, text), *vocabulary->count(text));
      measure("again", name, rounds, [&, &sample = text] { return *memo.find(memo.place(1, sample)); });
    }
    measure("guess", name, rounds, [&sample = text] { return estimate(sample).count; });
  }
  return 0;
}
