#include "gateway/tokens/tally.hpp"

#include <algorithm>

#include "gateway/tokens/images.hpp"

namespace troupe::tokens {
namespace {

constexpr std::int64_t kPerMessage = 3, kPerName = 1;
/// Around a tool's name and JSON; near what OpenAI bills for one function.
constexpr std::int64_t kPerTool = 8;
/// A PDF page or some seconds of sound; nobody knows before the provider does.
constexpr std::int64_t kPerAttachment = 800, kBytesPerToken = 64;

}  // namespace

Tally::Tally(const Library& library, std::string_view model, const Calibrations* known, std::string_view key,
             std::size_t budget)
    : model_(model),
      key_(key.empty() ? model : key),
      vocabulary_(library.of_model(model)),
      known_(known),
      budget_(budget),
      longest_piece_(budget == kNoLimit ? kNoLimit : kLongestPiece),
      exact_(vocabulary_ != nullptr) {}

std::optional<std::int64_t> Tally::count_within_budget(std::string_view text) {
  if (text.size() > budget_) return std::nullopt;
  const auto tokens = vocabulary_->count(text, longest_piece_);
  if (tokens && budget_ != kNoLimit) budget_ -= text.size();
  return tokens;
}

std::optional<std::int64_t> Tally::count(std::string_view text) {
  if (vocabulary_ == nullptr) return std::nullopt;
  if (memo_ == nullptr || text.size() < Memo::kShortest) return count_within_budget(text);
  const auto place = memo_->place(reinterpret_cast<std::uintptr_t>(vocabulary_), text);
  if (const auto known = memo_->find(place)) return known;
  const auto tokens = count_within_budget(text);
  if (tokens) memo_->put(place, *tokens);
  return tokens;
}

void Tally::text(std::string_view text) {
  const auto guess = millitokens(text);
  if (const auto tokens = count(text)) {
    counted_ += *tokens;
    counted_guess_ += guess;
    return;
  }
  exact_ = false;
  guessed_ += guess;
}

void Tally::message(std::string_view role) {
  fixed_ += kPerMessage;
  text(role);
}

void Tally::participant(std::string_view name) {
  fixed_ += kPerName;
  text(name);
}

void Tally::tool(std::string_view name, std::string_view json) {
  exact_ = false;
  fixed_ += kPerTool;
  text(name);
  text(json);
}

void Tally::image(std::optional<ImageSize> size, bool low) {
  exact_ = false;
  fixed_ += image_tokens(model_, size, low).count;
}

void Tally::attachment(std::size_t bytes) {
  exact_ = false;
  fixed_ += std::max(kPerAttachment, static_cast<std::int64_t>(bytes) / kBytesPerToken);
}

Count Tally::total() const {
  const auto whole = [](std::int64_t thousandths) { return (thousandths + 999) / 1000; };
  Count count;
  count.exact = exact_;
  count.guess = {fixed_ + whole(counted_guess_ + guessed_)};
  if (exact_) {
    count.tokens = {fixed_ + counted_};
  } else if (vocabulary_ == nullptr) {
    count.tokens = known_ != nullptr ? known_->corrected(key_, count.guess) : count.guess;
  } else {
    // What was counted tells how the rest would come out.
    const double ratio =
        counted_guess_ > 0 ? 1000.0 * static_cast<double>(counted_) / static_cast<double>(counted_guess_) : 1;
    count.tokens = {fixed_ + counted_ +
                    static_cast<std::int64_t>(static_cast<double>(whole(guessed_)) * ratio)};
  }
  return count;
}

Count count_text(const Library& library, std::string_view model, std::string_view text) {
  Tally tally(library, model, nullptr, {}, Tally::kNoLimit);
  tally.text(text);
  return tally.total();
}

}  // namespace troupe::tokens
