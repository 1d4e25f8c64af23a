// What it costs to ask whether rules hold. `rules_bench [rounds]`: a table of conditions, microseconds of CPU
// each.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "config/rules/classify.hpp"
#include "config/rules/rule.hpp"

using namespace troupe::rules;

namespace {

double cpu_us() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return 1e6 * static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  const std::vector<const char*> conditions{
      R"(model == "auto")",
      R"(task == "reasoning" || tools.count > 3)",
      R"(model == "auto" && !has_images && input_tokens < 500)",
      R"(tenant in ["search", "mail"] && tags.env == "prod" && budget.used < 0.8 && percent < 5)",
      R"(headers["x-team"] == "search" && time.hour >= 8 && time.hour < 18)",
      R"(last_message.contains("invoice"))",
      R"(last_message.matches("(?i)\\bSELECT\\b.*\\bFROM\\b"))",
  };
  std::string text;
  while (text.size() < 1000) text += "The quick brown fox jumps over the lazy dog. ";
  const Pairs headers{{"host", "x"}, {"content-type", "application/json"}, {"x-team", "search"}};
  const Pairs tags{{"team", "search"}, {"env", "prod"}};
  Facts facts;
  facts.model = "auto";
  facts.task = "chat";
  facts.tenant = "search";
  facts.last_message = text;
  facts.input_tokens = 250;
  facts.hour = 12;
  facts.headers = &headers;
  facts.tags = &tags;
  std::printf("%-90s %8s\n", "condition (a text of 1 kB)", "us");
  for (const auto* condition : conditions) {
    const auto rule = Rule::parse(condition);
    if (!rule) {
      std::printf("%s: %s\n", condition, rule.error().message.c_str());
      return 1;
    }
    long held = 0;
    const double before = cpu_us();
    for (long i = 0; i < rounds; ++i) {
      facts.input_tokens = static_cast<double>(i & 1023);
      held += rule->holds(facts);
    }
    std::printf("%-90s %8.3f%s\n", condition, (cpu_us() - before) / static_cast<double>(rounds),
                held < 0 ? "!" : "");
  }
  return 0;
}
