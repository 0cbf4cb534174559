// SPDX-License-Identifier: Apache-2.0
#include "delivery/internal/mail.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace kstati::delivery {
namespace {

// 45 bytes are 60 characters of base64: a word has at most 75 (RFC 2047, 2).
constexpr size_t kWordBytes = 45;
constexpr size_t kLineCharacters = 76;  // of base64 (RFC 2045, 6.8)

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

bool Continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

bool IsAddress(std::string_view address) {
  constexpr std::string_view kSpecial = "()<>[]{},;:\\\"";
  const size_t at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  if (address.find('@', at + 1) != std::string_view::npos || address.size() > 254) return false;
  return std::ranges::all_of(address, [&](char c) {
    return c > ' ' && c < '\x7f' && kSpecial.find(c) == std::string_view::npos;
  });
}

// A character is never cut in two (RFC 2047, 5).
std::string EncodedWords(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    size_t size = std::min(kWordBytes, text.size());
    while (size < text.size() && size > 1 && Continues(text[size])) --size;
    words +=
        (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + Base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return words;
}

std::string MailDate(Instant at) {
  constexpr std::array kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int64_t kDay = 86'400;
  const int64_t seconds = at.micros / 1'000'000;
  const Date date{seconds / kDay};
  const Date::Parts parts = date.parts();
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     kDays[static_cast<size_t>(date.weekday() - 1)], parts.day,
                     kMonths[static_cast<size_t>(parts.month - 1)], parts.year,
                     seconds % kDay / 3600, seconds % 3600 / 60, seconds % 60);
}

std::string MailOf(const Message& message, const std::string& from, const std::string& to) {
  const std::string domain = from.substr(from.find('@') + 1);
  std::string mail = "From: <" + from + ">\r\nTo: <" + to + ">\r\n" +
                     "Subject: " + EncodedWords(message.title) + "\r\n" +
                     "Date: " + MailDate(message.at) + "\r\n" + "Message-ID: <" + message.key +
                     "@" + domain + ">\r\n" + "Content-Language: " + message.language + "\r\n" +
                     "Auto-Submitted: auto-generated\r\n"
                     "MIME-Version: 1.0\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\n";
  const std::string body = Base64(message.text);
  for (size_t at = 0; at < body.size(); at += kLineCharacters) {
    mail += body.substr(at, kLineCharacters) + "\r\n";
  }
  return mail;
}

}  // namespace kstati::delivery
