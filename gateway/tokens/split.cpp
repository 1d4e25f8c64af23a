#include "gateway/tokens/split.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdexcept>
#include <string>

#include "gateway/tokens/split_ascii.hpp"

namespace troupe::tokens {
namespace {

// After tiktoken's openai_public.py. White space is Unicode's White_Space spelled out: PCRE2's own \s has
// U+180E as well, which stopped being a space in Unicode 6.3.
#define TROUPE_SPACE \
  R"(\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})"
#define TROUPE_TAIL "|[" TROUPE_SPACE "]+(?![^" TROUPE_SPACE "])|[" TROUPE_SPACE "]+"
#define TROUPE_UPPER R"([\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}])"
#define TROUPE_LOWER R"([\p{Ll}\p{Lm}\p{Lo}\p{M}])"

constexpr const char* kO200k =
    R"([^\r\n\p{L}\p{N}]?)" TROUPE_UPPER "*" TROUPE_LOWER R"(+(?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
    R"(|[^\r\n\p{L}\p{N}]?)" TROUPE_UPPER "+" TROUPE_LOWER R"(*(?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
    R"(|\p{N}{1,3}+| ?[^)" TROUPE_SPACE R"(\p{L}\p{N}]++[\r\n/]*+)"
    "|[" TROUPE_SPACE R"(]*[\r\n]+)" TROUPE_TAIL;

constexpr const char* kCl100k = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}++)"
                                R"(|\p{N}{1,3}+| ?[^)" TROUPE_SPACE R"(\p{L}\p{N}]++[\r\n]*+)"
                                "|[" TROUPE_SPACE R"(]*[\r\n]+)" TROUPE_TAIL;

constexpr const char* kGpt2 =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}++| ?\p{N}++| ?[^)" TROUPE_SPACE R"(\p{L}\p{N}]++)" TROUPE_TAIL;

#undef TROUPE_SPACE
#undef TROUPE_TAIL
#undef TROUPE_UPPER
#undef TROUPE_LOWER

const char* pattern_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::o200k_base:
      return kO200k;
    case Encoding::cl100k_base:
      return kCl100k;
    case Encoding::p50k_base:
    case Encoding::r50k_base:
      return kGpt2;
  }
  return kGpt2;
}

/// What one thread's matches write to.
struct Workspace {
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_jit_stack* stack = pcre2_jit_stack_create(32 << 10, 1 << 20, nullptr);
  Workspace() { pcre2_jit_stack_assign(context, nullptr, stack); }
  ~Workspace() {
    pcre2_jit_stack_free(stack);
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
};

Workspace& workspace() {
  thread_local Workspace mine;
  return mine;
}

}  // namespace

struct Splitter::Pattern {
  explicit Pattern(const char* text) {
    int error = 0;
    PCRE2_SIZE at = 0;
    code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text), PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED, &error, &at, nullptr);
    // The patterns are constants: one that does not compile is a broken build, found by every test.
    if (code == nullptr) throw std::logic_error("split pattern, at " + std::to_string(at));
    compiled = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
  }
  ~Pattern() { pcre2_code_free(code); }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  pcre2_code* code = nullptr;
  bool compiled = false;  ///< false where memory cannot be executable: interpreted, slower, the same answer
};

Splitter::Splitter(Encoding encoding)
    : pattern_(std::make_unique<const Pattern>(pattern_of(encoding))), encoding_(encoding) {}

Splitter::~Splitter() = default;

std::size_t Splitter::next(std::string_view text, std::size_t from) const {
  if (const auto end = next_ascii(encoding_, text, from)) return end;
  return next_by_pattern(text, from);
}

std::size_t Splitter::next_by_pattern(std::string_view text, std::size_t from) const {
  auto& here = workspace();
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  const auto found = pattern_->compiled ? pcre2_jit_match(pattern_->code, subject, text.size(), from,
                                                          PCRE2_NO_UTF_CHECK, here.data, here.context)
                                        : pcre2_match(pattern_->code, subject, text.size(), from,
                                                      PCRE2_NO_UTF_CHECK, here.data, here.context);
  if (found < 0) return 0;
  const auto end = pcre2_get_ovector_pointer(here.data)[1];
  return end > from ? end : 0;
}

}  // namespace troupe::tokens
