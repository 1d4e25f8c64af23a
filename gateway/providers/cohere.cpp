#include "gateway/providers/cohere.hpp"

#include "gateway/dialects/cohere/stream_decode.hpp"
#include "gateway/dialects/cohere/usage.hpp"
#include "gateway/providers/request_line.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kCohere = "https://api.cohere.com";

std::optional<Usage> billed_in(const std::string& body) {
  dialects::doc::object root;
  if (dialects::doc::parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  return dialects::cohere::find_billed(root);
}

/// A translated stream whose usage is what is paid for, once it is known.
class BilledStream final : public StreamReader {
 public:
  BilledStream(std::unique_ptr<StreamReader> told, const dialects::cohere::Decoder& decoder)
      : told_(std::move(told)), decoder_(decoder) {}
  void feed(std::string_view bytes, std::string& out) override {
    told_->feed(bytes, out);
    follow();
  }
  void close(std::string& out) override {
    told_->close(out);
    follow();
  }
  void fail(const dialects::ErrorReport& report, std::string& out) override { told_->fail(report, out); }

 private:
  void follow() {
    content_started = told_->content_started;
    ended = told_->ended;
    failure = told_->failure;
    usage = decoder_.billed() ? decoder_.billed() : told_->usage;
    output_bytes = told_->output_bytes;
  }

  std::unique_ptr<StreamReader> told_;
  const dialects::cohere::Decoder& decoder_;  ///< owned by `told_`
};

}  // namespace

Origin Cohere::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, kCohere);
}

Result<UpstreamCall> Cohere::call(const dialects::Request& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  auto body = write(request, model, "cohere");
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  const auto prefix = path_prefix(provider.base_url, kCohere);
  call.target.append(prefix).append(prefix.ends_with("/v2") ? "" : "/v2");
  call.target.append(request.operation == dialects::Operation::embeddings ? "/embed" : "/chat");
  HeaderLines headers(provider, request.stream);
  if (!key.secret.empty()) headers.add("Authorization", "Bearer " + key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Result<WholeAnswer> Cohere::whole(const dialects::Request& request, const config::Provider& provider,
                                  const AnswerHead& head, std::string body) const {
  auto billed = billed_in(body);
  auto answer = Translating::whole(request, provider, head, std::move(body));
  if (answer && billed) answer->usage = billed;
  return answer;
}

std::unique_ptr<StreamReader> Cohere::stream(const dialects::Request& request,
                                             const config::Provider&) const {
  auto decoder = std::make_unique<dialects::cohere::Decoder>();
  const auto& heard = *decoder;
  return std::make_unique<BilledStream>(read_stream(request, std::move(decoder)), heard);
}

}  // namespace troupe::providers
