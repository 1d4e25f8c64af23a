#pragma once
// AWS' credential chain as a Source.
#include <string>
#include <variant>

#include "gateway/cloud/aws_places.hpp"
#include "gateway/cloud/source.hpp"

namespace troupe::cloud {

class AwsCredentials final : public Source {
 public:
  /// Looks at the places of find_aws() anew for each fetch, so that a changed file or variable counts.
  AwsCredentials(AwsOptions options, config::Environment environment);

  /// What an answer belongs to. At namespace scope of the class for std::variant; internal.
  struct AtContainer {};
  struct AtSts {};
  struct AtToken {
    Url service;
  };
  struct AtRole {
    Url service;
    Secret token;
  };
  struct AtInstanceKey {};

 private:
  using Stage = std::variant<std::monostate, AtContainer, AtSts, AtToken, AtRole, AtInstanceKey>;
  struct Begin;
  struct GoOn;

  Step begin(Moment at) override;
  Step go_on(const Reply& reply, Moment at) override;
  Error silence(std::string_view why) override;

  const AwsOptions options_;
  const config::Environment environment_;
  Stage stage_;
};

}  // namespace troupe::cloud
