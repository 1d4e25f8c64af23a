// POST /v1/files: a form goes to the disk as it comes; no more of it than one read is in memory.
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/api/files.hpp"
#include "gateway/api/later.hpp"
#include "gateway/batch/front.hpp"
#include "gateway/batch/multipart.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr std::size_t kField = 1024;  // bytes of a field that is no file

/// Sorts the parts of the form.
struct Form final : batch::FormSink {
  batch::Upload about;
  std::string bytes;  ///< of the file, to be written
  bool file = false;
  std::string wrong;

  void part(const batch::PartHead& head) override {
    name_ = head.name;
    value_.clear();
    if (name_ != "file") return;
    if (file) wrong = "the form has two files";
    file = true;
    about.filename = head.filename.value_or("file");
  }
  void data(std::string_view text) override {
    if (name_ == "file") return void(bytes.append(text));
    if (value_.size() + text.size() > kField)
      wrong = "a field of the form is too long";
    else
      value_.append(text);
  }
  void part_end() override {
    if (name_ == "purpose") about.purpose = value_;
    if (name_ == "expires_after[seconds]") read_expiry();
  }

 private:
  void read_expiry() {
    batch::Second seconds = 0;
    const auto* const end = value_.data() + value_.size();
    const auto [at, error] = std::from_chars(value_.data(), end, seconds);
    if (error != std::errc{} || at != end || seconds < 1)
      wrong = "expires_after[seconds] is no number of seconds";
    about.keep = seconds;
  }
  std::string name_, value_;
};

Error bad_form(std::string_view why) {
  return {Fault::caller_bad_request,
          "The body is no form with a file: " + std::string(why) +
              ". Send multipart/form-data with the fields purpose and file.",
          "file", "invalid_form"};
}

class Uploading {
 public:
  Uploading(Session& session, const Caller& caller, const std::string& boundary)
      : session_(session), caller_(caller), store_(*session.worker().files->service()), reader_(boundary) {}

  awaitable<Result<batch::File>> run() {
    Later<Result<std::string>> begun(session_.worker().io, session_.wake());
    store_.begin_upload(begun.teller());
    auto name = co_await begun.value(session_.client());
    if (!name) co_return gone();
    if (!*name) co_return tl::unexpected(name->error());
    name_ = std::move(**name);
    auto file = co_await take();
    if (!file) store_.abandon(name_);
    co_return file;
  }

 private:
  static tl::unexpected<Error> gone() {
    return fail(Fault::caller_gone, "the upload ended before it was complete");
  }

  awaitable<Result<batch::File>> take() {
    session_.expect_body();
    for (auto more = Session::Body::some; more == Session::Body::some;) {
      more = co_await session_.more_body();
      if (more == Session::Body::broken) co_return gone();
      auto& body = session_.request().body;
      const auto state = reader_.feed(body, form_);
      body.clear();
      if (state == batch::Multipart::State::failed) co_return tl::unexpected(bad_form(reader_.why()));
      if (!form_.wrong.empty()) co_return tl::unexpected(bad_form(form_.wrong));
      if (form_.bytes.empty()) continue;
      Later<Result<void>> written(session_.worker().io, session_.wake());
      store_.append(name_, std::exchange(form_.bytes, {}), written.teller());
      const auto kept = co_await written.value(session_.client());
      if (!kept) co_return gone();
      if (!*kept) co_return tl::unexpected(kept->error());
    }
    auto file = co_await close();
    co_return file;
  }

  awaitable<Result<batch::File>> close() {
    if (reader_.state() != batch::Multipart::State::done)
      co_return tl::unexpected(bad_form("it ends before its last boundary"));
    if (!form_.file) co_return tl::unexpected(bad_form("it has no part named file"));
    if (form_.about.purpose != "batch")
      co_return fail(Fault::caller_bad_request,
                     "'purpose' must be batch: this node keeps files for batches only.", "purpose",
                     "invalid_purpose");
    form_.about.owner = owner_of(caller_);
    Later<Result<batch::File>> kept(session_.worker().io, session_.wake());
    store_.commit(name_, form_.about, kept.teller());
    auto file = co_await kept.value(session_.client());
    if (!file) co_return gone();
    co_return std::move(*file);
  }

  Session& session_;
  const Caller& caller_;
  batch::Service& store_;
  batch::Multipart reader_;
  Form form_;
  std::string name_;
};

}  // namespace

awaitable<void> serve_upload(Session& session, const Caller& caller) {
  if (session.worker().files->service() == nullptr) {
    const auto none = batch::nothing_kept();
    co_return session.reply_error(caller, error_of(none.status, none.text));
  }
  const auto boundary = batch::Multipart::boundary(session.request().find("content-type"));
  if (!boundary)
    co_return session.reply_error(caller,
                                  bad_form("its content-type is no multipart/form-data with a boundary"));
  Uploading uploading(session, caller, *boundary);
  const auto file = co_await uploading.run();
  if (file)
    co_return session.reply(200, "application/json", own_headers(session, caller), shown(*file).dump());
  // Broken off: whoever was still there has been told.
  if (file.error().fault != Fault::caller_gone) session.reply_error(caller, told(file.error()));
}

}  // namespace troupe::api
