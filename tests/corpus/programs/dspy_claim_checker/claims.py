import json
import sys

import dspy

dspy.configure(lm=dspy.LM("openai/gpt-4o", temperature=0, max_tokens=300))


class Check(dspy.Signature):
    """Is the claim supported by the evidence?"""

    claim: str = dspy.InputField()
    evidence: str = dspy.InputField()
    supported: bool = dspy.OutputField()


class ClaimChecker(dspy.Module):
    def __init__(self, sources):
        super().__init__()
        self.sources = sources
        self.split = dspy.Predict("text -> claims: list[str]")
        self.check = dspy.ChainOfThought(Check)

    def evidence(self, claim):
        words = set(claim.lower().split())
        return max(self.sources, key=lambda s: len(words & set(s.lower().split())))

    def forward(self, text):
        claims = self.split(text=text).claims
        verdicts = []
        for claim in claims:
            verdicts.append(self.check(claim=claim, evidence=self.evidence(claim)).supported)
        return dspy.Prediction(claims=claims, verdicts=verdicts)


def main():
    with open("sources.txt") as fh:
        checker = ClaimChecker(fh.read().split("\n\n"))
    for line in sys.stdin:
        article = json.loads(line)
        result = checker(text=article["text"])
        wrong = [c for c, ok in zip(result.claims, result.verdicts) if not ok]
        print(article["id"], len(wrong), "of", len(result.claims), "unsupported")


if __name__ == "__main__":
    main()
