"""The rule and queue by which changes in a Region are heard of: CloudFormation and Terraform.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import json
from textwrap import indent

from topology.catalog.changes import QUEUE, pattern

# What cannot be understood goes aside after so many attempts, and is kept for two weeks.
_CLOUDFORMATION = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Tells Loopscope of changed configuration in this Region, within a minute.
Parameters:
  RoleArn:
    Type: String
    Description: ARN of the role by which Loopscope reads this account; it may empty the queue.
    AllowedPattern: "arn:aws[a-z-]*:iam::[0-9]{12}:role/.+"
Resources:
  Aside:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: %(queue)s-aside
      MessageRetentionPeriod: 1209600
      SqsManagedSseEnabled: true
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: %(queue)s
      VisibilityTimeout: 60
      MessageRetentionPeriod: 345600
      SqsManagedSseEnabled: true
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt Aside.Arn
        maxReceiveCount: 5
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: %(queue)s
      Description: Calls that changed what Loopscope reads.
      State: ENABLED
      EventPattern:
%(pattern)s
      Targets:
        - Id: queue
          Arn: !GetAtt Queue.Arn
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: events.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition: {ArnEquals: {"aws:SourceArn": !GetAtt Rule.Arn}}
          - Effect: Allow
            Principal: {AWS: !Ref RoleArn}
            Action: [sqs:GetQueueUrl, sqs:ReceiveMessage, sqs:DeleteMessage]
            Resource: !GetAtt Queue.Arn
"""

_TERRAFORM = """\
variable "role_arn" {
  type        = string
  description = "ARN of the role by which Loopscope reads this account; it may empty the queue."
}

resource "aws_sqs_queue" "aside" {
  name                      = "%(queue)s-aside"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "changes" {
  name                       = "%(queue)s"
  visibility_timeout_seconds = 60
  message_retention_seconds  = 345600
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.aside.arn
    maxReceiveCount     = 5
  })
}

resource "aws_cloudwatch_event_rule" "changes" {
  name          = "%(queue)s"
  description   = "Calls that changed what Loopscope reads."
  event_pattern = <<-PATTERN
%(pattern)s
  PATTERN
}

resource "aws_cloudwatch_event_target" "changes" {
  rule = aws_cloudwatch_event_rule.changes.name
  arn  = aws_sqs_queue.changes.arn
}

resource "aws_sqs_queue_policy" "changes" {
  queue_url = aws_sqs_queue.changes.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.changes.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.changes.arn } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = var.role_arn }
        Action    = ["sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
        Resource  = aws_sqs_queue.changes.arn
      },
    ]
  })
}
"""


def cloudformation() -> str:
    """A template in YAML, to be deployed in every Region that is listened to."""
    return _CLOUDFORMATION % {"queue": QUEUE, "pattern": _pattern(8)}


def terraform() -> str:
    """The same as a Terraform module of one file."""
    return _TERRAFORM % {"queue": QUEUE, "pattern": _pattern(4)}


def _pattern(deep: int) -> str:
    """On one line: EventBridge counts its characters."""
    return indent(json.dumps(pattern(), separators=(",", ":")), " " * deep)
