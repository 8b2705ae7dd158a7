"""The role that Loopscope reads an account by, as CloudFormation and as Terraform.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

import json
from collections.abc import Collection
from textwrap import indent

from topology.catalog.policy import read_policy

NAME = "LoopscopeRead"

# One template for every account, so that a stack set can carry it: what differs is a parameter.
_CLOUDFORMATION = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Lets Loopscope read configuration, and nothing else, in this account.
Parameters:
  ExternalId:
    Type: String
    Description: Made by Loopscope for this account; its page shows it.
    MinLength: 16
  TrustedPrincipal:
    Type: String
    Description: ARN of the role or user that Loopscope runs as.
    AllowedPattern: "arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+"
  RoleName:
    Type: String
    Default: %(name)s
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      MaxSessionDuration: 3600
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref TrustedPrincipal
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
      Policies:
        - PolicyName: LoopscopeReads
          PolicyDocument:
%(policy)s
Outputs:
  RoleArn:
    Value: !GetAtt Role.Arn
"""

_TERRAFORM = """\
variable "external_id" {
  type        = string
  description = "Made by Loopscope for this account; its page shows it."
}

variable "trusted_principal" {
  type        = string
  description = "ARN of the role or user that Loopscope runs as."
}

variable "role_name" {
  type    = string
  default = "%(name)s"
}

resource "aws_iam_role" "loopscope" {
  name                 = var.role_name
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.trusted_principal }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "loopscope" {
  name   = "LoopscopeReads"
  role   = aws_iam_role.loopscope.id
  policy = <<-POLICY
%(policy)s
  POLICY
}

output "role_arn" {
  value = aws_iam_role.loopscope.arn
}
"""


def cloudformation(evidence: Collection[str] = (), partition: str = "aws") -> str:
    """A template in YAML, of which JSON is a part: the policy is that of ``read_policy``."""
    return _CLOUDFORMATION % {"name": NAME, "policy": _policy(evidence, partition, 12)}


def terraform(evidence: Collection[str] = (), partition: str = "aws") -> str:
    """The same as a Terraform module of one file."""
    return _TERRAFORM % {"name": NAME, "policy": _policy(evidence, partition, 4)}


def _policy(evidence: Collection[str], partition: str, deep: int) -> str:
    return indent(json.dumps(read_policy(evidence, partition), indent=2), " " * deep)
