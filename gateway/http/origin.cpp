#include "gateway/http/origin.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <algorithm>
#include <cctype>
#include <functional>

namespace troupe::http {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool entry_covers(std::string_view entry, std::string_view host, std::string_view port) {
  if (entry == "*") return true;
  if (const auto colon = entry.rfind(':'); colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != port) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || !host.ends_with(entry)) return false;
  return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

bool loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::optional<std::string> first_set(const GetEnv& env, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (auto value = env(name); value && !value->empty()) return value;
  }
  return std::nullopt;
}

std::string decoded(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) && hex(text[i + 2])) {
      out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string basic(std::string_view user) {
  auto plain = decoded(user);
  if (plain.find(':') == std::string::npos) plain.push_back(':');
  std::string out(4 * (plain.size() / 3 + 1) + 1, '\0');
  const auto* bytes = reinterpret_cast<const unsigned char*>(plain.data());
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(plain.size()));
  out.resize(static_cast<std::size_t>(length));
  OPENSSL_cleanse(plain.data(), plain.size());
  return "Basic " + out;
}

void use_proxy(Origin& origin, std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    if (at > 0) origin.proxy_login = basic(url.substr(0, at));
    url.remove_prefix(at + 1);
  }
  url = url.substr(0, url.find('/'));
  if (const auto parts = split_host_port(url)) {
    origin.proxy_host = parts->host;
    origin.proxy_port = parts->port;
  } else if (!url.empty()) {
    origin.proxy_host = std::string(url);
    origin.proxy_port = "3128";
  }
}

}  // namespace

std::string Origin::identity() const {
  std::string id = tls ? "https://" : "http://";
  id.append(host).append(":").append(port);
  if (!ca_file.empty()) id.append(" ca=").append(ca_file);
  if (!proxy_host.empty()) id.append(" via=").append(proxy_host).append(":").append(proxy_port);
  if (!proxy_login.empty()) id.append(" as=").append(std::to_string(std::hash<std::string>{}(proxy_login)));
  return id;
}

Result<HostPort> split_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 &&
                      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || std::stoi(std::string(port)) > 65535) {
    return fail(
        Fault::caller_bad_request,
        "'" + std::string(text) + "' is no address: host:port is expected, for example 127.0.0.1:8080");
  }
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return HostPort{host.empty() ? "0.0.0.0" : std::string(host), std::string(port)};
}

bool no_proxy_covers(std::string_view list, std::string_view host, std::string_view port) {
  const auto name = lower(host);
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto entry = lower(trim(list.substr(0, comma)));
    if (entry_covers(entry, name, port)) return true;
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return false;
}

void choose_proxy(Origin& origin, const std::string& configured, const GetEnv& env) {
  if (configured == "none") return;
  if (!configured.empty()) return use_proxy(origin, configured);
  if (!origin.tls && loopback(origin.host)) return;
  const auto exceptions = first_set(env, {"NO_PROXY", "no_proxy"});
  if (exceptions && no_proxy_covers(*exceptions, origin.host, origin.port)) return;
  const auto proxy = origin.tls ? first_set(env, {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
                                : first_set(env, {"http_proxy", "ALL_PROXY", "all_proxy"});
  if (proxy) use_proxy(origin, *proxy);
}

}  // namespace troupe::http
