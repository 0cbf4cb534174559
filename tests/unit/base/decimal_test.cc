// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace kstati {
namespace {

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

std::string Text(const std::optional<Decimal>& value) { return value ? value->ToString() : "none"; }

TEST(Decimal, PrintsPlainly) {
  EXPECT_EQ(Decimal().ToString(), "0");
  EXPECT_EQ(D("-0.00").ToString(), "0");
  EXPECT_EQ(D("10").ToString(), "10");
  EXPECT_EQ(D("1e3").ToString(), "1000");
  EXPECT_EQ(D("1.500").ToString(), "1.5");
  EXPECT_EQ(D("-.05").ToString(), "-0.05");
  EXPECT_EQ(D("123456789012345678901234567890.1234").ToString(),
            "123456789012345678901234567890.1234");
  EXPECT_EQ(D("1e-6176").ToString().size(), 6178U);
  EXPECT_EQ(Decimal(std::numeric_limits<int64_t>::min()).ToString(), "-9223372036854775808");
}

TEST(Decimal, ParsesOnlyNumbers) {
  for (const char* text : {"", "-", ".", "1.", "+1", " 1", "1 ", "1e", "e5", "0x1", "NaN", "inf",
                           "1e999999", "1.2.3", "1_000", "--1", "1e6145"}) {
    EXPECT_FALSE(Decimal::Parse(text)) << text;
  }
}

TEST(Decimal, ConvertsToWholeNumbers) {
  EXPECT_EQ(D("42.00").ToInt64(), 42);
  EXPECT_EQ(D("-9223372036854775808").ToInt64(), std::numeric_limits<int64_t>::min());
  EXPECT_FALSE(D("9223372036854775808").ToInt64());
  EXPECT_FALSE(D("0.5").ToInt64());
  EXPECT_TRUE(D("1e20").IsInteger());
  EXPECT_FALSE(D("-0").IsNegative());
  EXPECT_DOUBLE_EQ(D("0.1").ToDouble(), 0.1);
}

TEST(Decimal, HasThirtyFourDigits) {
  EXPECT_TRUE(*D("0.1").Add(D("0.2")) == D("0.3"));
  EXPECT_EQ(Text(Decimal(1).Divide(3)), "0.3333333333333333333333333333333333");
  EXPECT_EQ(Text(Decimal(2).Divide(3)), "0.6666666666666666666666666666666667");
  EXPECT_EQ(Text(Decimal(1).Divide(3)->Multiply(3)), "0.9999999999999999999999999999999999");
  EXPECT_EQ(*D("1e33").Add(D("0.5")), D("1e33"));
}

// A person exactly on a statutory threshold: in binary floating point 1.1 * 17733 exceeds 19506.30
// and the comparison is true.
TEST(Decimal, IsExactOnThresholds) {
  const Decimal threshold = *D("1.1").Multiply(17733);
  EXPECT_FALSE(D("19506.30") < threshold);
  EXPECT_TRUE(D("19506.30") == threshold);
  EXPECT_TRUE(D("19506.29") < threshold);
}

TEST(Decimal, ComparesByValue) {
  EXPECT_EQ(D("1.0"), D("1"));
  EXPECT_EQ(D("-0"), D("0"));
  EXPECT_LT(D("-2"), D("-1"));
  EXPECT_LT(D("1e-10"), D("1e10"));
  EXPECT_GT(D("9223372036854775808"), Decimal(std::numeric_limits<int64_t>::max()));
}

TEST(Decimal, HasNoInfinity) {
  EXPECT_FALSE(Decimal(1).Divide(0));
  EXPECT_FALSE(Decimal(0).Divide(0));
  EXPECT_FALSE(Decimal(1).Modulo(0));
  EXPECT_FALSE(D("9e6144").Add(D("9e6144")));
  EXPECT_FALSE(D("-1").SquareRoot());
  EXPECT_FALSE(Decimal(0).Logarithm());
  EXPECT_FALSE(D("1e6").Exponential());
  EXPECT_FALSE(Decimal(0).Power(-1));
  EXPECT_FALSE(D("-8").Power(D("0.5")));
}

TEST(Decimal, PowersOfWholeNumbersAreExact) {
  EXPECT_EQ(Text(Decimal(81).Power(5)), "3486784401");
  EXPECT_EQ(Text(Decimal(5).Power(-2)), "0.04");
  EXPECT_EQ(Text(Decimal(0).Power(0)), "1");
  EXPECT_EQ(Text(Decimal(2).Power(100)), "1267650600228229401496703205376");
  EXPECT_EQ(Text(Decimal(4).Power(D("0.5"))), "2");
}

TEST(Decimal, ModuloHasTheSignOfTheDivisor) {
  EXPECT_EQ(Text(Decimal(12).Modulo(5)), "2");
  EXPECT_EQ(Text(Decimal(-12).Modulo(5)), "3");
  EXPECT_EQ(Text(Decimal(12).Modulo(-5)), "-3");
  EXPECT_EQ(Text(Decimal(-12).Modulo(-5)), "-2");
  EXPECT_EQ(Text(D("10.1").Modulo(D("-4.5"))), "-3.4");
}

TEST(Decimal, RoundsInEveryMode) {
  struct Row {
    Rounding mode;
    const char* results[6];  // of -2.5 -1.1 0.5 1.5 2.5 2.51
  };
  const Row rows[] = {
      {Rounding::kHalfEven, {"-2", "-1", "0", "2", "2", "3"}},
      {Rounding::kHalfUp, {"-3", "-1", "1", "2", "3", "3"}},
      {Rounding::kHalfDown, {"-2", "-1", "0", "1", "2", "3"}},
      {Rounding::kUp, {"-3", "-2", "1", "2", "3", "3"}},
      {Rounding::kDown, {"-2", "-1", "0", "1", "2", "2"}},
      {Rounding::kFloor, {"-3", "-2", "0", "1", "2", "2"}},
      {Rounding::kCeiling, {"-2", "-1", "1", "2", "3", "3"}},
  };
  const char* numbers[] = {"-2.5", "-1.1", "0.5", "1.5", "2.5", "2.51"};
  for (const Row& row : rows) {
    for (size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(Text(D(numbers[i]).Round(0, row.mode)), row.results[i])
          << numbers[i] << " in mode " << static_cast<int>(row.mode);
    }
  }
  EXPECT_EQ(Text(D("1234.5").Round(-2, Rounding::kHalfUp)), "1200");
  EXPECT_EQ(Text(D("50").Round(-2, Rounding::kHalfDown)), "0");
  EXPECT_EQ(Text(D("5.5").Round(6176, Rounding::kUp)), "5.5");
  EXPECT_EQ(Text(D("5.5").Round(-6111, Rounding::kDown)), "0");
  EXPECT_FALSE(D("5.5").Round(6177, Rounding::kUp));
  EXPECT_FALSE(D("5.5").Round(-6112, Rounding::kUp));
}

// Random operations against an independent implementation, the one in CPython.
class Oracle : public testing::Test {
 protected:
  static constexpr int kCount = 4000;
  static constexpr const char* kScript =
      "import sys, decimal as d\n"
      "c = d.Context(prec=34, rounding=d.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1,\n"
      "              traps=[])\n"
      "modes = {'even': d.ROUND_HALF_EVEN, 'up': d.ROUND_HALF_UP, 'down': d.ROUND_HALF_DOWN,\n"
      "         'away': d.ROUND_UP, 'cut': d.ROUND_DOWN, 'floor': d.ROUND_FLOOR,\n"
      "         'ceiling': d.ROUND_CEILING}\n"
      "def run(op, a, b):\n"
      "    if op == '+': return c.add(a, b)\n"
      "    if op == '-': return c.subtract(a, b)\n"
      "    if op == '*': return c.multiply(a, b)\n"
      "    if op == '/': return c.divide(a, b)\n"
      "    if op == 'sqrt': return c.sqrt(a)\n"
      "    if op == '%':\n"
      "        r = c.remainder(a, b)\n"
      "        return c.add(r, b) if r.is_finite() and r and (r < 0) != (b < 0) else r\n"
      "    if op == '<': return d.Decimal(int(a < b))\n"
      "    return a.quantize(d.Decimal('0.01'), rounding=modes[op], context=c)\n"
      "for line in sys.stdin:\n"
      "    op, a, b = line.split()\n"
      "    r = run(op, c.create_decimal(a), c.create_decimal(b))\n"
      "    print(format(r.normalize(c), 'f') if r.is_finite() else 'none')\n";

  static std::string RandomNumber(std::mt19937_64& random) {
    std::string text = random() % 2 == 0 ? "-" : "";
    const auto digits = 1 + random() % 20;
    for (uint64_t i = 0; i < digits; ++i) text += static_cast<char>('0' + random() % 10);
    if (random() % 8 == 0) text += "5";
    return text + "e" + std::to_string(static_cast<int>(random() % 24) - 18);
  }

  static std::optional<Decimal> Apply(const std::string& op, Decimal a, Decimal b) {
    if (op == "+") return a.Add(b);
    if (op == "-") return a.Subtract(b);
    if (op == "*") return a.Multiply(b);
    if (op == "/") return a.Divide(b);
    if (op == "%") return a.Modulo(b);
    if (op == "sqrt") return a.SquareRoot();
    if (op == "<") return Decimal(a < b ? 1 : 0);
    if (op == "even") return a.Round(2, Rounding::kHalfEven);
    if (op == "up") return a.Round(2, Rounding::kHalfUp);
    if (op == "down") return a.Round(2, Rounding::kHalfDown);
    if (op == "away") return a.Round(2, Rounding::kUp);
    if (op == "cut") return a.Round(2, Rounding::kDown);
    if (op == "floor") return a.Round(2, Rounding::kFloor);
    return a.Round(2, Rounding::kCeiling);
  }
};

TEST_F(Oracle, AgreesOnRandomOperations) {
  const std::string folder = testing::TempDir();
  const std::string input_path = folder + "/decimal_oracle_input.txt";
  const std::string script_path = folder + "/decimal_oracle.py";
  const std::array ops{"+",  "-",    "*",    "/",   "%",     "sqrt",    "<",
                       "up", "down", "away", "cut", "floor", "ceiling", "even"};
  std::mt19937_64 random(20260315);
  std::vector<std::array<std::string, 3>> rows;
  {
    std::ofstream input(input_path);
    for (int i = 0; i < kCount; ++i) {
      rows.push_back({ops[random() % ops.size()], RandomNumber(random), RandomNumber(random)});
      input << rows.back()[0] << ' ' << rows.back()[1] << ' ' << rows.back()[2] << '\n';
    }
    std::ofstream(script_path) << kScript;
  }
  const std::string command = "python3 '" + script_path + "' < '" + input_path + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  ASSERT_TRUE(pipe);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), size);
  }
  std::istringstream lines(output);
  for (const auto& [op, a, b] : rows) {
    std::string expected;
    ASSERT_TRUE(std::getline(lines, expected)) << "python3 gave too few lines";
    if (expected == "-0") expected = "0";
    EXPECT_EQ(Text(Apply(op, D(a), D(b))), expected) << a << ' ' << op << ' ' << b;
  }
}

}  // namespace
}  // namespace kstati
