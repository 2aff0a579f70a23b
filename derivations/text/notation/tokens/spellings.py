r"""The signs of a formula, and how each is spelled: in Python, ASCII, LaTeX, Unicode.

`TABLE` is the one list of them: a kind of token, its value, and how it is written.
"""

from unicodedata import name

TABLE = r"""
REL    =      = == := {=} ≡ \equiv \coloneqq ≜ \triangleq
REL    ≠      ≠ != \neq \ne
REL    ∈      ∈ \in
ADD    +      + {+} .+
ADD    -      - {-} .- − – — ‐ ‑ ‒ －
MUL    *      * ∗ \ast
MUL    /      / ÷ ∕ ⁄ ./ ⊘ \div \oslash
MUL    ·      · ⋅ ∙ • \cdot \bullet
MUL    ×      × \times
MUL    ⊙      ⊙ ∘ .* \odot \circ
MUL    ⊗      ⊗ %o% \otimes
MUL    @      @ %*%
POWER  **     ** .^
POWER  ^      ^
SUB    _      _
OPEN   (      (
ANGLE  (      ⟨ \langle
CLOSE  )      ) ⟩ \rangle
OPEN   {      { \{ \lbrace
CLOSE  }      } \} \rbrace
LSQB   [      [ \lbrack
RSQB   ]      ] \rbrack
COMMA  ,      ,
COLON  :      :
DOT    .      .
DOTS   …      … ... .. ⋯ \dots \ldots \cdots \dotsb \dotsc
PRIME  '      ' ′ ’ .' \prime
SUM    Σ      Σ ∑ \sum
WORD   Sigma  \Sigma
DIFF   ∂      ∂ \partial \differentialD
NABLA  ∇      ∇ \nabla
FRAC   frac   \frac \dfrac \tfrac \cfrac
OVER   over   \over
HAT    hat    \hat \widehat
ONE    1      𝟙 𝟏 \mathbb1 \mathbb{1} \mathbf1 \mathbf{1} \mathds1 \mathds{1}
ONE    1      \mathbbm{1} \boldsymbol{1} \bm{1}
WORD   I      \mathbb{I}
WORD   yhat   ŷ ŷ
WORD   Yhat   Ŷ Ŷ
WORD   phat   p̂ π̂
WORD   softmax \P
WORD   ⊤      ⊤ \top \intercal
WORD   keepdims keep.dims
WORD   e      \exponentialE
WORD   sqrt   √
WORD   L      ℒ ℓ \ell \mathcal{L}
WORD   epsilon ϵ \varepsilon eps
WORD   lam    λ \lambda lambda
WORD   phi    ϕ \varphi
"""
_GREEK = {x: name(x).split()[-1].lower() for x in "αβγδεζηθκμνξπρστφχψω"}
SPELLED = {
    spelling: ("WORD", sign if sign in "πσξζνχψ" else word)
    for sign, word in _GREEK.items()
    for spelling in (sign, f"\\{word}")
}
SPELLED |= {
    spelling: tuple(row.split()[:2])
    for row in TABLE.strip().splitlines()
    for spelling in row.split()[2:]
} | {r"s\circ t\max": ("WORD", "softmax")}  # what MathLive makes of the word
SUBSCRIPTS = dict(
    zip(
        "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎",
        "aehijklmnoprstuvx0123456789+-=()",
        strict=True,
    )
)
SUPERSCRIPTS = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸ",
        "0123456789+-=()⊤abcdefghijklmnoprstuvwxyzL",
        strict=True,
    )
)
