#pragma once
// What adapters share whose providers speak one dialect of their own: every conversation is translated.
#include "gateway/dialects/dialect.hpp"
#include "gateway/dialects/embeddings/shapes.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

class Translating : public Adapter {
 public:
  Verdict failure(const AnswerHead& head, std::string_view body) const override;
  Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                            const AnswerHead& head, std::string body) const override;
  std::unique_ptr<StreamReader> stream(const dialects::Request& request,
                                       const config::Provider& provider) const override;
  LimitReport limits(const AnswerHead& head, WallTime wall) const override;

 protected:
  /// `vectors` is how it embeds; nullptr: not at all.
  Translating(dialects::Dialect dialect, const dialects::embeddings::Shape* vectors)
      : dialect_(dialect), vectors_(vectors) {}
  /// The body of any operation that this provider has.
  Result<std::string> write(const dialects::Request& request, std::string_view model,
                            std::string_view flavour) const;

 private:
  dialects::Dialect dialect_;
  const dialects::embeddings::Shape* vectors_;
};

}  // namespace troupe::providers
